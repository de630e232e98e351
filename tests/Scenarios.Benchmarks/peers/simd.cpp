// C++ by hand, for one machine: blocks of paths in lock-step, xoshiro256++ in eight lanes, float transforms that g++ turns
// into AVX-512 and glibc's libmvec, and the histogram of changes by bin and grid point.
//   g++ -O3 -march=native -mprefer-vector-width=512 -ffast-math -std=c++20 simd.cpp -o simd
#include <immintrin.h>
#include <sys/mman.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

namespace {

constexpr int kBlock = 2048, kCap = 100000, kThreshold = 50000, kBinWidth = 64, kBins = kCap / kBinWidth + 2, kDayBins = 2048;
constexpr float kUnit = 1.0f / (1 << 24);

struct Case {
  bool weekly;
  int points, start, checked;
  float step, horizon;
};
const Case kWeekly{true, 105, 15000, 104, 7, 728};
const Case kDaily{false, 1826, 0, 730, 1, 1825};

struct Random {
  typedef uint64_t Lanes __attribute__((vector_size(64)));
  Lanes s[4];

  explicit Random(uint64_t seed) {
    for (auto& row : s)
      for (int lane = 0; lane < 8; lane++) {  // SplitMix64, as its authors advise
        uint64_t z = seed += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        row[lane] = z ^ (z >> 31);
      }
  }

  // Uniform numbers inside (0, 1), odd multiples of 2^-24; n is rounded up to sixteen.
  void Fill(float* u, int n) {
    Lanes a = s[0], b = s[1], c = s[2], d = s[3];
    for (int i = 0; i < n; i += 16) {
      const Lanes sum = a + d, out = ((sum << 23) | (sum >> 41)) + a, t = b << 17;
      c ^= a;
      d ^= b;
      b ^= c;
      a ^= d;
      c ^= t;
      d = (d << 45) | (d >> 19);
      const __m512i cells = _mm512_or_si512(_mm512_slli_epi32(_mm512_srli_epi32(reinterpret_cast<__m512i>(out), 9), 1), _mm512_set1_epi32(1));
      _mm512_storeu_ps(u + i, _mm512_mul_ps(_mm512_cvtepi32_ps(cells), _mm512_set1_ps(kUnit)));
    }
    s[0] = a, s[1] = b, s[2] = c, s[3] = d;
  }
};

// The quantile function of beta(2.0909, 3.9091) in 4,096 straight pieces.
struct PertTable {
  static constexpr int kCells = 4096;
  float value[kCells + 2];

  PertTable() {
    const double a = 1 + 1200.0 / 1100, b = 1 + 3200.0 / 1100, scale = std::exp(std::lgamma(a + b) - std::lgamma(a) - std::lgamma(b));
    const int steps = 1 << 20;
    double below = 0;
    int cell = 1;
    value[0] = 100;
    for (int i = 0; i < steps && cell < kCells; i++) {
      const double x = (i + 0.5) / steps, p = scale * std::pow(x, a - 1) * std::pow(1 - x, b - 1) / steps;
      for (; cell < kCells && below + p >= static_cast<double>(cell) / kCells; cell++)
        value[cell] = static_cast<float>(100 + 1100 * (i + (static_cast<double>(cell) / kCells - below) / p) / steps);
      below += p;
    }
    for (; cell < kCells + 2; cell++) value[cell] = 1200;
  }
};

struct Block {
  alignas(64) float u[3][kBlock + 16], gap[kBlock + 16], size[kBlock + 16], time[kBlock + 16];
  alignas(64) int count[kBlock + 16], entered[kBlock + 16], after[kBlock + 16], point[kBlock + 16], enter[kBlock + 16], leave[kBlock + 16];
};

// sin(2 pi x) for |x| <= 1/2, by its Taylor series on the nearest quarter: within 4e-6. g++ doesn't vectorise a pair of sin and cos.
inline float SinTwoPi(float x) {
  const float far = std::copysign(0.5f, x) - x, y = std::fabs(x) > 0.25f ? far : x, z = y * y;
  return y * (6.2831853f + z * (-41.341702f + z * (81.605249f + z * (-76.705860f + z * (42.058694f - z * 15.094643f)))));
}

void DrawWeekly(Random& random, Block& b, int n) {
  const int half = (n + 31) / 32 * 16;
  random.Fill(b.u[0], 2 * half);
  random.Fill(b.u[1], n);
  const float mean = 0.5f * (std::log(60.0f) + std::log(180.0f)), sd = (std::log(180.0f) - std::log(60.0f)) / 2 / 1.6448536f;
  for (int i = 0; i < half; i++) {  // Box-Muller
    const float r = std::sqrt(-2 * std::log(b.u[0][i])), x = b.u[0][half + i] - 0.5f;
    b.gap[i] = r * SinTwoPi(x);
    b.u[2][i] = r * SinTwoPi(x < 0.25f ? x + 0.25f : x - 0.75f);
  }
  std::memcpy(b.gap + half, b.u[2], sizeof(float) * std::min(half, kBlock + 16 - half));
  for (int i = 0; i < n; i++) {
    b.gap[i] = std::exp(mean + sd * b.gap[i]);
    const float u = b.u[1][i];
    const bool low = u < 3.0f / 13;
    const float root = std::sqrt(low ? u * (13000.0f * 3000.0f) : (1 - u) * (13000.0f * 10000.0f));
    b.size[i] = low ? 2000 + root : 15000 - root;
  }
}

void DrawDaily(Random& random, Block& b, int n, const PertTable& table) {
  for (auto& u : b.u) random.Fill(u, n);
  for (int i = 0; i < n; i++) {
    b.gap[i] = -3.5f * std::log(b.u[0][i] * b.u[1][i]);
    const float x = b.u[2][i] * PertTable::kCells;
    const int cell = static_cast<int>(x);
    b.size[i] = table.value[cell] + (x - cell) * (table.value[cell + 1] - table.value[cell]);
  }
}

// Counts on pages of 2 MiB, where the system has them: random access by [bin][point] would miss the TLB.
struct HugeTable {
  static constexpr size_t kPage = 2 << 20;
  int* cells;

  explicit HugeTable(size_t size) {
    const size_t bytes = (size * sizeof(int) + kPage - 1) / kPage * kPage;
    cells = static_cast<int*>(std::aligned_alloc(kPage, bytes));
    madvise(cells, bytes, MADV_HUGEPAGE);
    std::memset(cells, 0, bytes);
  }

  ~HugeTable() { std::free(cells); }

  int& operator[](size_t i) { return cells[i]; }
};

struct Cell {
  int64_t sum, square;
};

void Run(const Case& c, int64_t paths, uint64_t seed) {
  static const PertTable table;
  static Block b;
  Random random(seed);
  const int stride = c.points + 1;
  HugeTable histogram(static_cast<size_t>(kBins) * stride);
  std::vector<Cell> sums(stride);
  std::vector<int> passages(kDayBins + 1);
  int64_t capped = 0, reached = 0;
  const float perStep = 1 / c.step, perBin = kDayBins / c.horizon;
  for (int64_t first = 0; first < paths; first += kBlock) {
    int n = static_cast<int>(std::min<int64_t>(kBlock, paths - first));
    for (int i = 0; i < n; i++) b.time[i] = 0, b.count[i] = c.start, b.entered[i] = 0;
    while (n > 0) {
      c.weekly ? DrawWeekly(random, b, n) : DrawDaily(random, b, n, table);
      for (int i = 0; i < n; i++) {
        b.time[i] += b.gap[i];
        b.after[i] = std::min(b.count[i] + static_cast<int>(b.size[i] + 0.5f), kCap);
        // Past the horizon a path leaves into a column that nobody reads.
        b.point[i] = std::min(static_cast<int>(std::ceil(b.time[i] * perStep)), c.points);
        const int row = (b.count[i] - c.start + kBinWidth - 1) / kBinWidth * stride;
        b.enter[i] = row + b.entered[i];
        b.leave[i] = row + b.point[i];
      }
      for (int i = 0; i < n; i++) {
        histogram[b.enter[i]]++;
        histogram[b.leave[i]]--;
        Cell& cell = sums[b.point[i]];
        const int64_t rise = b.after[i] - b.count[i];
        cell.sum += rise;
        cell.square += rise * (b.after[i] + b.count[i]);
      }
      int left = 0;
      for (int i = 0; i < n; i += 16) {
        const __mmask16 lanes = n - i < 16 ? (1 << (n - i)) - 1 : 0xFFFF;
        const __m512 time = _mm512_load_ps(b.time + i);
        const __m512i before = _mm512_load_si512(b.count + i), after = _mm512_load_si512(b.after + i), point = _mm512_load_si512(b.point + i);
        const __mmask16 inside = lanes & _mm512_cmp_ps_mask(time, _mm512_set1_ps(c.horizon), _CMP_LE_OQ);
        __mmask16 passed = inside & _mm512_cmplt_epi32_mask(before, _mm512_set1_epi32(kThreshold)) &
                           _mm512_cmpge_epi32_mask(after, _mm512_set1_epi32(kThreshold));
        for (; passed; passed &= passed - 1) {
          passages[static_cast<int>(b.time[i + __builtin_ctz(passed)] * perBin)]++;
          reached++;
        }
        __mmask16 full = inside & _mm512_cmpge_epi32_mask(after, _mm512_set1_epi32(kCap));
        const __mmask16 live = inside & ~full;
        for (; full; full &= full - 1) {
          histogram[(kBins - 1) * stride + b.point[i + __builtin_ctz(full)]]++;
          capped++;
        }
        _mm512_storeu_ps(b.time + left, _mm512_maskz_compress_ps(live, time));
        _mm512_storeu_si512(b.count + left, _mm512_maskz_compress_epi32(live, after));
        _mm512_storeu_si512(b.entered + left, _mm512_maskz_compress_epi32(live, point));
        left += __builtin_popcount(live);
      }
      n = left;
    }
  }
  sums[0] = {paths * c.start, paths * static_cast<int64_t>(c.start) * c.start};

  const double levels[5] = {0.05, 0.25, 0.5, 0.75, 0.95};
  std::vector<int64_t> column(kBins);
  double sum = 0, square = 0, mean = 0, sd = 0, quantiles[5] = {}, atChecked[7] = {};
  int values = 0;
  for (int point = 0; point < c.points; point++) {
    sum += sums[point].sum;
    square += sums[point].square;
    mean = sum / paths;
    sd = std::sqrt(std::max(0.0, square - sum * mean) / (paths - 1));
    for (int bin = 0; bin < kBins; bin++) column[bin] += histogram[static_cast<size_t>(bin) * stride + point];
    int64_t below = 0;
    for (int bin = 0, level = 0; level < 5; below += column[bin++])
      for (; level < 5 && below + column[bin] >= levels[level] * paths; level++)
        // Bin 0 is the start, the last the cap; others end at their upper edge.
        quantiles[level] = bin == 0 ? c.start
                           : bin == kBins - 1 ? kCap
                           : c.start + kBinWidth * (bin - 1 + (levels[level] * paths - below) / column[bin]);
    values += 7;
    if (point == c.checked) {
      atChecked[0] = mean, atChecked[1] = sd;
      std::copy(quantiles, quantiles + 5, atChecked + 2);
    }
  }
  int64_t passed = 0;
  int day = 0;
  while (day < kDayBins && (passed += passages[day]) < paths / 2.0) day++;
  std::printf("{\"paths\":%ld,\"values\":%d,\"mean\":%.9g,\"sd\":%.9g,\"quantiles\":[%.9g,%.9g,%.9g,%.9g,%.9g],\"cap\":%.9g,\"reached\":%.9g,",
              static_cast<long>(paths), values, atChecked[0], atChecked[1], atChecked[2], atChecked[3], atChecked[4], atChecked[5], atChecked[6],
              static_cast<double>(capped) / paths, static_cast<double>(reached) / paths);
  if (2 * reached >= paths)
    std::printf("\"medianDay\":%.9g}\n", (day + 0.5) / perBin);
  else
    std::printf("\"medianDay\":null}\n");
  std::fflush(stdout);
}

}  // namespace

int main(int, char** argv) {
  const Case& c = std::strcmp(argv[1], "b1") ? kDaily : kWeekly;
  std::puts("ready");
  std::fflush(stdout);
  char verb[16];
  long paths;
  unsigned long seed;
  while (std::scanf("%15s %ld %lu", verb, &paths, &seed) == 3) Run(c, paths, seed);
}
