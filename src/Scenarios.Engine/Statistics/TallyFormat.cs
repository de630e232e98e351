using System.Runtime.CompilerServices;

namespace Scenarios.Engine.Statistics;

/// <summary>
/// The form in which a tally is written down, to be extended by more paths later or elsewhere. Reading gives back the same integers.
/// </summary>
/// <remarks>
/// <para>
/// In this order: the version of the form; the shape (points in time, bins of each count, number of thresholds, whether there is a cap,
/// number of events, whether there are replicates); the number of paths; the paths of each replicate; the cumulative count, the count
/// present, the passages of each threshold and of the cap; how often each event happened. A count is its differences row by row, its sums and
/// sums of squares, then the same of its replicates. Passages are those by point, by time bin, the earliest and latest of each
/// bin that has some, those by group, and those within the first year. Of what a tally has none, nothing is written.
/// </para>
/// <para>
/// Every number is an integer in zigzag and base 128, least significant first, as in protobuf: most are small, and compress well. What
/// happens past the horizon is never read, and not written.
/// </para>
/// <para>
/// The form says nothing of the scenario and holds no checksum: who stores it has to see that it comes back for the same scenario, seed and
/// engine version, and whole.
/// </para>
/// </remarks>
public static class TallyFormat
{
    /// <summary>Changes whenever the form does.</summary>
    private const int Version = 1;

    /// <summary>Writes a tally.</summary>
    /// <param name="tally">The tally. Nobody may write to it meanwhile.</param>
    /// <param name="stream">Where to.</param>
    public static void Write(Tally tally, Stream stream)
    {
        var writer = new Writer(stream);
        new Form(writer).Transfer(tally);
        writer.Flush();
    }

    /// <summary>Reads a tally.</summary>
    /// <param name="stream">Where from: nothing but the tally.</param>
    /// <param name="tally">An empty tally of the same projector. After an exception it is of no use until it is cleared.</param>
    /// <exception cref="InvalidDataException">It is no tally of that projector in this form.</exception>
    public static void Read(Stream stream, Tally tally)
    {
        var reader = new Reader(stream);
        new Form(reader).Transfer(tally);
        reader.End();
    }

    /// <summary>Takes numbers from a tally to the form, or from the form to a tally: the order is said once.</summary>
    private abstract class Numbers
    {
        /// <summary>Numbers of the shape, which both sides know.</summary>
        public abstract void Fix(long value);

        public abstract void Transfer(ref long value);

        public abstract void Transfer(Span<int> values);

        public abstract void Transfer(Span<long> values);

        public abstract void Transfer(Span<Int128> values);

        public abstract void Transfer(DifferenceTable table);
    }

    private sealed class Form(Numbers numbers)
    {
        public void Transfer(Tally tally)
        {
            numbers.Fix(Version);
            numbers.Fix(tally.Cumulative.PointCount);
            numbers.Fix(tally.Cumulative.Bins.BinCount);
            numbers.Fix(tally.Present?.Bins.BinCount ?? 0);
            numbers.Fix(tally.Thresholds.Length);
            numbers.Fix(tally.Cap is null ? 0 : 1);
            numbers.Fix(tally.Happened.Length);
            numbers.Fix(tally.Replicates is null ? 0 : Replicates.Count);

            var paths = tally.Paths;
            numbers.Transfer(ref paths);
            tally.Paths = paths;
            if (tally.Replicates is { } replicates)
            {
                numbers.Transfer(replicates.Paths);
            }

            Transfer(tally.Cumulative);
            if (tally.Present is { } present)
            {
                Transfer(present);
            }

            foreach (var threshold in tally.Thresholds)
            {
                Transfer(threshold);
            }

            if (tally.Cap is { } cap)
            {
                Transfer(cap);
            }

            numbers.Transfer(tally.Happened);
        }

        private void Transfer(CountTally counts)
        {
            numbers.Transfer(counts.Differences);
            numbers.Transfer(counts.SumDifferences.AsSpan(0, counts.PointCount));
            numbers.Transfer(counts.SquareDifferences.AsSpan(0, counts.PointCount));
            if (counts.Replicates is { } replicates)
            {
                TransferRows(replicates.Differences, replicates.Stride);
                TransferRows(replicates.SumDifferences, replicates.Stride);
                TransferRows(replicates.SquareDifferences, replicates.Stride);
            }
        }

        /// <summary>The last column is past the horizon.</summary>
        private void TransferRows(int[] values, int stride)
        {
            for (var row = 0; row < values.Length; row += stride)
            {
                numbers.Transfer(values.AsSpan(row, stride - 1));
            }
        }

        private void TransferRows(Int128[] values, int stride)
        {
            for (var row = 0; row < values.Length; row += stride)
            {
                numbers.Transfer(values.AsSpan(row, stride - 1));
            }
        }

        private void Transfer(PassageTally passages)
        {
            numbers.Transfer(passages.ByPoint);
            numbers.Transfer(passages.Counts);
            for (var bin = 0; bin < passages.Counts.Length; bin++)
            {
                if (passages.Counts[bin] != 0)
                {
                    numbers.Transfer(passages.Earliest.AsSpan(bin, 1));
                    numbers.Transfer(passages.Latest.AsSpan(bin, 1));
                }
            }

            numbers.Transfer(passages.Groups);
            var withinYear = passages.WithinYear;
            numbers.Transfer(ref withinYear);
            passages.WithinYear = withinYear;
        }
    }

    private sealed class Writer(Stream stream) : Numbers
    {
        /// <summary>Of 128 bits, 7 a byte.</summary>
        private const int LongestNumber = 19;

        private readonly byte[] _buffer = new byte[1 << 16];
        private int _count;

        public override void Fix(long value) => Write(value);

        public override void Transfer(ref long value) => Write(value);

        public override void Transfer(Span<int> values)
        {
            foreach (var value in values)
            {
                Write(value);
            }
        }

        public override void Transfer(Span<long> values)
        {
            foreach (var value in values)
            {
                Write(value);
            }
        }

        public override void Transfer(DifferenceTable table)
        {
            var values = new int[table.ColumnCount];
            for (var row = 0; row < table.RowCount; row++)
            {
                table.Read(row, values);
                Transfer(values);
            }
        }

        public override void Transfer(Span<Int128> values)
        {
            foreach (var value in values)
            {
                MakeRoom();
                var rest = (UInt128)((value << 1) ^ (value >> 127));
                for (; rest >= 0x80; rest >>= 7)
                {
                    _buffer[_count++] = (byte)((uint)rest | 0x80);
                }

                _buffer[_count++] = (byte)rest;
            }
        }

        public void Flush()
        {
            stream.Write(_buffer, 0, _count);
            _count = 0;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Write(long value)
        {
            MakeRoom();
            var rest = (ulong)((value << 1) ^ (value >> 63));
            for (; rest >= 0x80; rest >>= 7)
            {
                _buffer[_count++] = (byte)(rest | 0x80);
            }

            _buffer[_count++] = (byte)rest;
        }

        private void MakeRoom()
        {
            if (_count > _buffer.Length - LongestNumber)
            {
                Flush();
            }
        }
    }

    private sealed class Reader(Stream stream) : Numbers
    {
        private readonly byte[] _buffer = new byte[1 << 16];
        private int _at;
        private int _count;

        public override void Fix(long value)
        {
            if (Read() is var found && found != value)
            {
                throw new InvalidDataException($"The tally has {found} where {value} belongs.");
            }
        }

        public override void Transfer(ref long value) => value = Read();

        public override void Transfer(Span<int> values)
        {
            foreach (ref var value in values)
            {
                value = Read() is var read && read == (int)read ? (int)read : throw TooLarge();
            }
        }

        public override void Transfer(Span<long> values)
        {
            foreach (ref var value in values)
            {
                value = Read();
            }
        }

        public override void Transfer(DifferenceTable table)
        {
            var values = new int[table.ColumnCount];
            for (var row = 0; row < table.RowCount; row++)
            {
                Transfer(values);
                table.Write(row, values);
            }
        }

        public override void Transfer(Span<Int128> values)
        {
            foreach (ref var value in values)
            {
                var zigzag = UInt128.Zero;
                byte part;
                var shift = 0;
                do
                {
                    part = shift < 128 ? Next() : throw TooLarge();
                    zigzag |= (UInt128)(part & 0x7fu) << shift;
                    shift += 7;
                }
                while (part >= 0x80);
                value = (Int128)(zigzag >> 1) ^ -(Int128)(zigzag & 1);
            }
        }

        /// <summary>There must be nothing more.</summary>
        public void End()
        {
            if (_at < _count || Fill())
            {
                throw new InvalidDataException("The tally goes on after its end.");
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private long Read()
        {
            ulong zigzag = Next();
            if (zigzag >= 0x80)
            {
                zigzag = Rest(zigzag & 0x7f);
            }

            return (long)(zigzag >> 1) ^ -(long)(zigzag & 1);
        }

        private ulong Rest(ulong zigzag)
        {
            for (var shift = 7; shift < 64; shift += 7)
            {
                var part = Next();
                zigzag |= (part & 0x7ful) << shift;
                if (part < 0x80)
                {
                    return zigzag;
                }
            }

            throw TooLarge();
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private byte Next() => _at < _count || Fill() ? _buffer[_at++] : throw new InvalidDataException("The tally ends too early.");

        private bool Fill()
        {
            (_at, _count) = (0, stream.Read(_buffer));
            return _count > 0;
        }

        private static InvalidDataException TooLarge() => new("A number of the tally is too large.");
    }
}
