using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Scenarios.Engine.Distributions;
using Scenarios.Engine.Model;
using Scenarios.Engine.Randomness;

namespace Scenarios.Engine.Simulation;

/// <summary>From when to when an event is in force in a path, in ticks: its first instant is within, its last is not.</summary>
internal readonly record struct EventWindow(long Start, long End)
{
    /// <summary>Later than any time: it does not happen, or it never ends.</summary>
    public const long Never = long.MaxValue;

    public bool Holds(long ticks) => Start <= ticks && ticks < End;
}

/// <summary>What the events in force do together.</summary>
internal readonly record struct EventEffects(bool Halts, double IntervalFactor, double BatchSizeFactor, long CapChange)
{
    public static EventEffects None { get; } = new(false, 1, 1, 0);
}

/// <summary>
/// The events of a scenario compiled for drawing, in the order of their ids: that the scenario lists them in another
/// order changes no sum and no product.
/// </summary>
/// <remarks>
/// Every draw of an event is keyed by a hash of its id, so it is the same whatever other events there are.
/// </remarks>
internal sealed class EventLaw
{
    private const double DaysPerYear = 365.25;

    /// <summary>Times further from the start than this are cut here: past any horizon, and their sums do not overflow.</summary>
    private const double Furthest = 1L << 60;

    private readonly ulong _seed;
    private readonly TimeScale _scale;
    private readonly Compiled[] _events;

    /// <summary>Indexes of events, parents first.</summary>
    private readonly int[] _parentsFirst;

    public EventLaw(ImmutableArray<ArrivalEvent> events, ulong seed, TimeScale scale)
    {
        _seed = seed;
        _scale = scale;
        Events = events.Sort((a, b) => string.CompareOrdinal(a.Id, b.Id));
        _events = [.. Events.Select(e => new Compiled(e, Events, scale.TicksPerDay))];
        _parentsFirst = OrderOfDrawing();
        MovesCap = Events.Any(e => e.CapChange != 0);
        LargestRise = Events.Sum(e => Math.Max(0, e.CapChange));
        ScalesBatches = Events.Any(e => e.BatchSizeFactor != 1);
        LeastIntervalFactor = Events.Aggregate(1.0, (product, e) => product * Math.Min(1, e.IntervalFactor));
        LeastBatchFactor = Events.Aggregate(1.0, (product, e) => product * Math.Min(1, e.BatchSizeFactor));
        LargestFall = Events.Sum(e => Math.Max(0, -e.CapChange));
        LargestBatchFactor = Events.Aggregate(1.0, (product, e) => product * Math.Max(1, e.BatchSizeFactor));
    }

    /// <summary>The events, ordered by id.</summary>
    public ImmutableArray<ArrivalEvent> Events { get; }

    public int Count => Events.Length;

    /// <summary>Can the cap change?</summary>
    public bool MovesCap { get; }

    /// <summary>The most that all changes together can add to the cap.</summary>
    public long LargestRise { get; }

    /// <summary>The most that all changes together can take from the cap.</summary>
    public long LargestFall { get; }

    /// <summary>Can batches be scaled?</summary>
    public bool ScalesBatches { get; }

    /// <summary>The most by which all events together can multiply a batch.</summary>
    public double LargestBatchFactor { get; }

    /// <summary>The least by which all events together can multiply a batch; at most 1.</summary>
    public double LeastBatchFactor { get; }

    /// <summary>Does the same happen at the same time in every path?</summary>
    public bool AreCertain => Array.TrueForAll(_events, e => e.IsCertain && e.Wait is null && e.Days?.IsConstant != false
        && e.Duration?.IsConstant != false && e.Event.Timing is not EventTiming.WithinHorizon);

    /// <summary>The least by which all events together can multiply a gap; at most 1.</summary>
    public double LeastIntervalFactor { get; }

    /// <summary>The compiled quantile functions, for a digest.</summary>
    public IEnumerable<string> Digests => _events.Select(e => $"{e.Days?.Value.Digest}|{e.Days?.Factor?.Digest}|{e.Wait?.Value.Digest}|{e.Duration?.Value.Digest}|{e.Duration?.Factor?.Digest}");

    /// <summary>The events by their index, each behind the one it comes after.</summary>
    public IEnumerable<(int Index, Compiled Rule)> ParentsFirst => _parentsFirst.Select(index => (index, _events[index]));

    /// <summary>The windows of a path, one per event.</summary>
    public void Draw(long path, Span<EventWindow> windows)
    {
        foreach (var index in _parentsFirst)
        {
            var compiled = _events[index];
            var clock = compiled.Parent == Compiled.NoParent ? 0 : compiled.Parent == Compiled.AbsentParent ? EventWindow.Never : windows[compiled.Parent].Start;
            var start = Start(compiled, clock, path);
            var end = start == EventWindow.Never || compiled.Duration is null
                ? EventWindow.Never
                : EndOf(start, Value(compiled.Duration, Word(DrawPurpose.EventDuration, compiled.Key, path)));
            windows[index] = new(start, end);
        }
    }

    /// <summary>When an event starts whose clock does at an instant.</summary>
    /// <param name="compiled">An event that happens, if its time comes within the horizon.</param>
    /// <param name="clock">When its clock starts.</param>
    /// <param name="wait">What is drawn of <see cref="Compiled.Waits"/>, in ticks.</param>
    /// <param name="high">The high half of the word of its time.</param>
    /// <param name="low">The low half.</param>
    public long StartOf(Compiled compiled, long clock, double wait, uint high, uint low)
    {
        switch (compiled.Event.Timing)
        {
            case EventTiming.OnDay(var day):
                return WholeTicks(day * _scale.TicksPerDay);
            case EventTiming.WithinHorizon:
                if (clock > _scale.HorizonTicks || high >= compiled.WithinBelow)
                {
                    return EventWindow.Never;
                }

                var begin = Math.Max(clock, 0);
                return begin + WholeTicks((low + 0.5) / 4294967296.0 * (_scale.HorizonTicks - begin));
            default:
                return compiled.Waits is null ? EventWindow.Never : clock + WholeTicks(wait);
        }
    }

    /// <summary>When an event ends.</summary>
    public static long EndOf(long start, double duration) => start + Math.Max(1, WholeTicks(duration));

    /// <summary>What the events in force at an instant do together.</summary>
    public EventEffects EffectsAt(long ticks, ReadOnlySpan<EventWindow> windows)
    {
        var (halts, interval, batch, cap) = EventEffects.None;
        for (var i = 0; i < windows.Length; i++)
        {
            if (windows[i].Holds(ticks))
            {
                halts |= Events[i].Halt;
                interval *= Events[i].IntervalFactor;
                batch *= Events[i].BatchSizeFactor;
                cap += Events[i].CapChange;
            }
        }

        return new(halts, interval, batch, cap);
    }

    private long Start(Compiled compiled, long clock, long path)
    {
        if (clock == EventWindow.Never || Word(DrawPurpose.EventChance, compiled.Key, path) >> 32 >= compiled.ChanceBelow)
        {
            return EventWindow.Never;
        }

        var word = compiled.DrawsStart ? Word(DrawPurpose.EventTime, compiled.Key, path) : 0;
        return StartOf(compiled, clock, compiled.Waits is null ? 0 : Value(compiled.Waits, word), (uint)(word >> 32), (uint)word);
    }

    private static double Value(DrawRule rule, ulong word) => rule.Value.Evaluate((int)(word >> 32)) * rule.FactorOf(word);

    private ulong Word(DrawPurpose purpose, long key, long path) => CounterRandom.Word(CounterRandom.Key(_seed, purpose, key), path);

    private static long WholeTicks(double ticks) => (long)Math.Floor(Math.Clamp(ticks, -Furthest, Furthest) + TimeScale.Half);

    private int[] OrderOfDrawing()
    {
        var order = new List<int>();
        while (order.Count < _events.Length)
        {
            var ready = Enumerable.Range(0, _events.Length)
                .Where(i => !order.Contains(i) && (_events[i].Parent < 0 || order.Contains(_events[i].Parent))).ToArray();
            if (ready.Length == 0)
            {
                throw new ArgumentException("Events come after one another in a circle.");
            }

            order.AddRange(ready);
        }

        return [.. order];
    }

    /// <summary>An event compiled for drawing.</summary>
    public sealed class Compiled
    {
        /// <summary>Its clock starts at day 0.</summary>
        public const int NoParent = -1;

        /// <summary>Its clock never starts: the event it comes after is not there.</summary>
        public const int AbsentParent = -2;

        public Compiled(ArrivalEvent source, ImmutableArray<ArrivalEvent> all, double ticksPerDay)
        {
            Event = source;
            Key = BinaryPrimitives.ReadInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(source.Id)));
            ChanceBelow = Below(source.Probability);
            Duration = DrawRule.For(source.DurationDays, DrawPurpose.EventDuration, ticksPerDay);
            if (source.After is { } after)
            {
                var index = all.Select(e => e.Id).ToList().IndexOf(after);
                Parent = index >= 0 ? index : AbsentParent;
            }

            switch (source.Timing)
            {
                case EventTiming.AfterDays(var days):
                    Days = DrawRule.For(days, DrawPurpose.EventTime, ticksPerDay);
                    break;
                case EventTiming.Hazard(var perYear) when perYear > 0:
                    Wait = new(QuantileCompiler.Compile(new ExponentialDistribution(DaysPerYear / perYear), ticksPerDay), Factor: null, PerPath: true, DrawPurpose.EventTime);
                    break;
                case EventTiming.WithinHorizon(var probability):
                    WithinBelow = Below(probability);
                    break;
            }
        }

        public ArrivalEvent Event { get; }

        /// <summary>Index of its random words.</summary>
        public long Key { get; }

        public int Parent { get; } = NoParent;

        public DrawRule? Days { get; }

        public DrawRule? Wait { get; }

        /// <summary>How long after its clock has started it starts, where that is drawn so.</summary>
        public DrawRule? Waits => Days ?? Wait;

        /// <summary>Is its time drawn at all?</summary>
        public bool DrawsStart => Waits is not null || Event.Timing is EventTiming.WithinHorizon;

        /// <summary>Does it happen whenever its time comes?</summary>
        public bool IsCertain => ChanceBelow > uint.MaxValue;

        public DrawRule? Duration { get; }

        /// <summary>It happens where 32 bits are below this, of 2^32.</summary>
        public ulong ChanceBelow { get; }

        public ulong WithinBelow { get; }

        private static ulong Below(double probability) => (ulong)Math.Round(probability * 4294967296.0);
    }
}
