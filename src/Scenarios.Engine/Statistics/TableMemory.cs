using System.Runtime.InteropServices;

namespace Scenarios.Engine.Statistics;

/// <summary>Memory for the tables of tallies: of large pages where there are any, and handed on from one tally to the next.</summary>
/// <remarks>
/// A table is written to all over, so that memory which is new to the process costs a fault for each of its pages within the first thousands of
/// paths, and a table of B2 has two thousand small ones.
/// </remarks>
internal static unsafe class TableMemory
{
    /// <summary>What is given back and not yet taken again.</summary>
    private const int MostSpareBytes = 64 << 20;

    /// <summary>Smaller ones come from pages that the process has already.</summary>
    private const int FewestSpareBytes = 1 << 18;

    private const long LargePageBytes = 1L << 21;

    /// <summary>For madvise(2): large pages may back the range. By default that is left to programs.</summary>
    private const int HugePagesAdvice = 14;

    private static readonly Lock Gate = new();

    private static readonly List<Array> Spare = [];

    private static long _spareBytes;

    /// <summary>Zeroed cells that stay at their address.</summary>
    public static T[] Allocate<T>(int cells)
        where T : unmanaged
    {
        if (TakeSpare<T>(cells) is { } spare)
        {
            Array.Clear(spare);
            return spare;
        }

        var table = GC.AllocateArray<T>(cells, pinned: true);
        fixed (T* start = table)
        {
            AskForLargePages((nint)start, (nint)(start + cells));
        }

        return table;
    }

    /// <summary>Takes cells back that nobody reads or writes any more.</summary>
    public static void Release<T>(T[] table)
        where T : unmanaged
    {
        if (Buffer.ByteLength(table) is < FewestSpareBytes or > MostSpareBytes)
        {
            return;
        }

        lock (Gate)
        {
            Spare.Add(table);
            _spareBytes += Buffer.ByteLength(table);
            while (_spareBytes > MostSpareBytes)
            {
                _spareBytes -= Buffer.ByteLength(Spare[0]);
                Spare.RemoveAt(0);
            }
        }
    }

    private static T[]? TakeSpare<T>(int cells)
        where T : unmanaged
    {
        lock (Gate)
        {
            var last = Spare.FindLastIndex(table => table is T[] && table.Length == cells);
            if (last < 0)
            {
                return null;
            }

            var table = (T[])Spare[last];
            Spare.RemoveAt(last);
            _spareBytes -= Buffer.ByteLength(table);
            return table;
        }
    }

    /// <summary>For the large pages that lie within: those at its ends belong to others too. It changes nothing but speed.</summary>
    private static void AskForLargePages(nint start, nint end)
    {
        const nint mask = (nint)LargePageBytes - 1;
        var (first, last) = ((start + mask) & ~mask, end & ~mask);
        if (!OperatingSystem.IsLinux() || first >= last)
        {
            return;
        }

        try
        {
            _ = Advise(first, (nuint)(last - first), HugePagesAdvice);
        }
        catch (Exception missing) when (missing is DllNotFoundException or EntryPointNotFoundException)
        {
            // A C library of another name.
        }
    }

    [DllImport("libc", EntryPoint = "madvise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Advise(nint start, nuint length, int advice);
}
