using System.Numerics;
using System.Runtime.Intrinsics;
using Scenarios.Engine.Statistics;

namespace Scenarios.Engine.Simulation;

/// <summary>
/// Writes the steps of a round into the coarser histogram of the block's replicate: the same enter and leave as
/// <see cref="LaneTally"/>, in the row of the bin's group.
/// </summary>
internal sealed unsafe class LaneReplicates
{
    private const int Width = LaneBlock.Width;

    private readonly ReplicateCounts _counts;
    private readonly LaneBlock _block;
    private readonly ulong _multiplier;
    private readonly int _shift;

    public LaneReplicates(ReplicateCounts counts, LaneBlock block)
    {
        (_counts, _block) = (counts, block);

        // floor(x / stride) for every x below 2^31: Granlund and Montgomery, "Division by invariant integers", 1994.
        _shift = BitOperations.Log2((uint)counts.Stride - 1);
        _multiplier = ((1UL << (32 + _shift)) / (uint)counts.Stride) + 1;
    }

    /// <summary>Writes the steps that wait to be tallied.</summary>
    public void Write()
    {
        var block = _block;
        var enterAt = stackalloc int[2 * Width];
        var leaveAt = enterAt + Width;
        var stride = Vector512.Create(_counts.Stride);
        var past = Vector512.Create((uint)_counts.Stride - 1);
        var multiplier = Vector512.Create(_multiplier);
        var (shift, groupShift) = (_shift, _counts.GroupShift);
        fixed (int* differences = _counts.Differences)
        {
            var ofReplicate = differences + _counts.CurrentStart;
            for (var i = 0; i < block.Pending; i += Width)
            {
                // Both are in the row of one bin, but for those who are there already: they enter where nobody reads.
                var leave = Vector512.Load(block.Leave + i);
                var bin = (LaneVectors.MultiplyHigh(leave.AsUInt32(), multiplier) >>> shift).AsInt32();
                var row = bin * stride;
                var groupRow = (bin >> groupShift) * stride;
                var enterPoint = Vector512.Min((Vector512.Load(block.Enter + i) - row).AsUInt32(), past).AsInt32();
                (groupRow + enterPoint).Store(enterAt);
                (groupRow + leave - row).Store(leaveAt);
                for (var lane = 0; lane < Width; lane++)
                {
                    ofReplicate[enterAt[lane]]++;
                    ofReplicate[leaveAt[lane]]--;
                }
            }
        }
    }
}
