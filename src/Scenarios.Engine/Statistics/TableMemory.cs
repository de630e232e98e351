using System.Runtime.InteropServices;

namespace Scenarios.Engine.Statistics;

/// <summary>Memory for the tables of tallies: of large pages where there are any, and handed on from one tally to the next.</summary>
/// <remarks>
/// A table is written to all over, so that memory which is new to the process costs a fault for each page in the first thousands of
/// paths: as much time as the first 50,000 paths of B2 themselves.
/// </remarks>
internal static unsafe class TableMemory
{
    /// <summary>What is given back and not yet taken again.</summary>
    private const long MostSpareBytes = 64L << 20;

    /// <summary>Smaller ones come from pages that the process has already.</summary>
    private const long FewestSpareBytes = 1L << 18;

    private const long LargePageBytes = 1L << 21;

    /// <summary>For madvise(2): large pages may back the range. By default that is left to programs.</summary>
    private const int HugePagesAdvice = 14;

    private static readonly Lock Gate = new();

    private static readonly List<int[]> Spare = [];

    private static long _spareBytes;

    /// <summary>Zeroed cells that stay at their address.</summary>
    public static int[] Allocate(int cells)
    {
        if (TakeSpare(cells) is { } spare)
        {
            Array.Clear(spare);
            return spare;
        }

        var table = GC.AllocateArray<int>(cells, pinned: true);
        fixed (int* start = table)
        {
            AskForLargePages((nint)start, (nint)(start + cells));
        }

        return table;
    }

    /// <summary>Takes cells back that nobody reads or writes any more.</summary>
    public static void Release(int[] table)
    {
        if (BytesOf(table) is < FewestSpareBytes or > MostSpareBytes)
        {
            return;
        }

        lock (Gate)
        {
            Spare.Add(table);
            _spareBytes += BytesOf(table);
            while (_spareBytes > MostSpareBytes)
            {
                _spareBytes -= BytesOf(Spare[0]);
                Spare.RemoveAt(0);
            }
        }
    }

    private static int[]? TakeSpare(int cells)
    {
        lock (Gate)
        {
            var last = Spare.FindLastIndex(table => table.Length == cells);
            if (last < 0)
            {
                return null;
            }

            var table = Spare[last];
            Spare.RemoveAt(last);
            _spareBytes -= BytesOf(table);
            return table;
        }
    }

    private static long BytesOf(int[] table) => table.Length * (long)sizeof(int);

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
