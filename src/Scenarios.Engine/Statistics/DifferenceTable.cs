using System.Numerics.Tensors;
using Scenarios.Engine.Simulation;

namespace Scenarios.Engine.Statistics;

/// <summary>
/// Paths that enter less those that leave, by [row][column], exact in 32 bits. Those who write many at once write into cells of 16 bits, so
/// that twice as much of the table stays in a core's caches.
/// </summary>
/// <remarks>
/// No cell can overflow: of each column it is known how many changes it has seen since its cells were last looked at, and a cell has changed by
/// no more. Before that could be too much the cells are looked at, and the contents of large ones carried to rows of 32 bits, which few
/// rows ever have: those of a count that all paths share.
/// </remarks>
internal sealed class DifferenceTable
{
    /// <summary>A cell that is smaller stays as it is.</summary>
    private const int LargeCell = 1 << 13;

    /// <summary>Changes that a column may have seen: those of one more block of lanes then still fit.</summary>
    private const int MostChanges = short.MaxValue - LaneBlock.Capacity;

    /// <summary>To look at a column alone costs a line of the cache for each row: as much as to look at so many columns side by side.</summary>
    private const int ColumnsPerLine = 64 / sizeof(short);

    private readonly int[]?[] _carried;
    private readonly int[] _changes;

    /// <param name="rowCount">Number of rows.</param>
    /// <param name="columnCount">Number of columns that are read. There is one more, which takes what nobody reads.</param>
    public DifferenceTable(int rowCount, int columnCount)
    {
        (RowCount, ColumnCount) = (rowCount, columnCount);
        Cells = TableMemory.Allocate<short>(checked(rowCount * Stride));
        _carried = new int[rowCount][];
        _changes = new int[columnCount];
    }

    public int RowCount { get; }

    public int ColumnCount { get; }

    /// <summary>Distance of two rows in <see cref="Cells"/>.</summary>
    public int Stride => ColumnCount + 1;

    /// <summary>
    /// By [row][column]. Whoever writes into them has each path change a cell by one at a time, up and down in turn, and says
    /// what has changed by <see cref="Changed"/> after each block of <see cref="LaneBlock.Capacity"/> paths.
    /// </summary>
    public short[] Cells { get; private set; }

    public static long BytesOf(long rows, long columns) => rows * (columns + 1) * sizeof(short);

    /// <summary>Paths enter, or leave where there are fewer than none.</summary>
    public void Add(int row, int column, int paths)
    {
        if (column == ColumnCount)
        {
            return; // Nobody reads it.
        }

        if (paths is not (1 or -1))
        {
            Carry(row, column, paths);
            return;
        }

        Cells[(row * Stride) + column] += (short)paths;
        if (++_changes[column] > MostChanges)
        {
            LookAtColumn(column);
        }
    }

    /// <summary>Cells have been written to.</summary>
    /// <param name="changes">As many in each column at most. What stands there afterwards is of no use.</param>
    public void Changed(Span<int> changes)
    {
        TensorPrimitives.Min(changes, LaneBlock.Capacity, changes);
        TensorPrimitives.Add(_changes, changes, _changes);
        if (TensorPrimitives.Max<int>(_changes) <= MostChanges)
        {
            return;
        }

        if (_changes.Count(seen => seen > MostChanges) > Stride / ColumnsPerLine)
        {
            LookAtAll();
            return;
        }

        for (var column = 0; column < _changes.Length; column++)
        {
            if (_changes[column] > MostChanges)
            {
                LookAtColumn(column);
            }
        }
    }

    /// <summary>Adds another table of the same shape.</summary>
    public void Add(DifferenceTable other)
    {
        for (var row = 0; row < RowCount; row++)
        {
            if (other._carried[row] is { } carried)
            {
                var own = _carried[row] ??= new int[ColumnCount];
                TensorPrimitives.Add(own, carried, own);
            }
        }

        var fits = true;
        for (var column = 0; column < _changes.Length; column++)
        {
            _changes[column] += other._changes[column];
            fits &= _changes[column] <= MostChanges;
        }

        if (fits)
        {
            TensorPrimitives.Add(Cells, other.Cells, Cells);
            return;
        }

        for (var row = 0; row < RowCount; row++)
        {
            for (var column = 0; column < ColumnCount; column++)
            {
                var at = (row * Stride) + column;
                var sum = Cells[at] + other.Cells[at];
                var isLarge = Math.Abs(sum) >= LargeCell;
                Cells[at] = isLarge ? (short)0 : (short)sum;
                if (isLarge)
                {
                    Carry(row, column, sum);
                }
            }
        }

        Array.Fill(_changes, LargeCell);
    }

    /// <summary>What a row holds, column by column; where it is in the cells alone, as they are.</summary>
    /// <returns>Is all of it in the cells? Else it is in <paramref name="whole"/>.</returns>
    public bool IsInCells(int row, out ReadOnlySpan<short> cells, Span<int> whole)
    {
        cells = Cells.AsSpan(row * Stride, ColumnCount);
        if (_carried[row] is null)
        {
            return true;
        }

        Read(row, whole);
        return false;
    }

    /// <summary>Reads a row.</summary>
    public void Read(int row, Span<int> values)
    {
        TensorPrimitives.ConvertTruncating<short, int>(Cells.AsSpan(row * Stride, ColumnCount), values);
        if (_carried[row] is { } carried)
        {
            TensorPrimitives.Add(values, carried, values);
        }
    }

    /// <summary>Writes a row of an empty table.</summary>
    public void Write(int row, ReadOnlySpan<int> values)
    {
        for (var column = 0; column < ColumnCount; column++)
        {
            var (value, size) = (values[column], Math.Abs((long)values[column]));
            if (size >= LargeCell)
            {
                Carry(row, column, value);
                continue;
            }

            Cells[(row * Stride) + column] = (short)value;
            _changes[column] = Math.Max(_changes[column], (int)size);
        }
    }

    public void Clear()
    {
        Array.Clear(Cells);
        Array.Clear(_changes);
        foreach (var carried in _carried)
        {
            carried?.AsSpan().Clear();
        }
    }

    /// <summary>Gives its cells back. It is of no use from then on.</summary>
    public void Release()
    {
        TableMemory.Release(Cells);
        Cells = [];
    }

    private void Carry(int row, int column, int paths) => (_carried[row] ??= new int[ColumnCount])[column] += paths;

    private void LookAtAll()
    {
        for (var row = 0; row < RowCount; row++)
        {
            var cells = Cells.AsSpan(row * Stride, ColumnCount);
            for (int next, column = 0; (next = cells[column..].IndexOfAnyExceptInRange((short)(1 - LargeCell), (short)(LargeCell - 1))) >= 0;)
            {
                column += next;
                Carry(row, column, cells[column]);
                cells[column] = 0;
            }
        }

        Array.Fill(_changes, LargeCell);
    }

    private void LookAtColumn(int column)
    {
        for (var row = 0; row < RowCount; row++)
        {
            ref var cell = ref Cells[(row * Stride) + column];
            if (Math.Abs((int)cell) >= LargeCell)
            {
                Carry(row, column, cell);
                cell = 0;
            }
        }

        _changes[column] = LargeCell;
    }
}
