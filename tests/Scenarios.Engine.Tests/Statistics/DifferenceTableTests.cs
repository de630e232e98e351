using Scenarios.Engine.Simulation;
using Scenarios.Engine.Statistics;

namespace Scenarios.Engine.Tests.Statistics;

/// <summary>The table beside plain 64-bit integers, with far more changes of a cell than its 16 bits hold.</summary>
public sealed class DifferenceTableTests
{
    private const int Rows = 7;
    private const int Columns = 150;
    private const int Blocks = 60;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(Columns)]
    public void Blocks_WrittenIntoTheCells_AreKeptWhole(int busyColumns)
    {
        var written = new Ledger();
        for (var block = 0; block < Blocks; block++)
        {
            written.WriteBlock(busyColumns, LaneBlock.Capacity);
        }

        written.AssertKept();
        Assert.True(written.Largest > 4L * short.MaxValue);
    }

    [Fact]
    public void Paths_AddedOneByOne_AreKeptWhole()
    {
        var written = new Ledger();
        for (var path = 0; path < 4 * short.MaxValue; path++)
        {
            written.Add(path % 2, 5, 1);
            written.Add(2, 6, -1);
        }

        written.Add(3, 7, 1 << 27);
        written.Add(3, Columns, 1); // Past the horizon.
        written.AssertKept();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    [InlineData(20)]
    public void Tables_AddedUp_AreTheirSum_AndTheAddendStays(int blocks)
    {
        var sum = new Ledger();
        var addend = new Ledger();
        for (var block = 0; block < blocks; block++)
        {
            sum.WriteBlock(Columns, LaneBlock.Capacity);
            addend.WriteBlock(1, LaneBlock.Capacity - block);
        }

        for (var times = 0; times < 12; times++)
        {
            sum.Add(addend);
            sum.AssertKept();
        }

        addend.AssertKept();
        sum.WriteBlock(Columns, LaneBlock.Capacity);
        sum.AssertKept();
    }

    [Fact]
    public void ATable_WrittenRowByRow_GoesOnAsTheOneReadFrom()
    {
        var first = new Ledger();
        for (var block = 0; block < 9; block++)
        {
            first.WriteBlock(2, LaneBlock.Capacity);
        }

        var second = first.Copy();
        second.AssertKept();
        for (var block = 0; block < 9; block++)
        {
            second.WriteBlock(2, LaneBlock.Capacity);
        }

        second.AssertKept();
    }

    [Fact]
    public void AClearedTable_IsAnEmptyOne()
    {
        var table = new DifferenceTable(Rows, Columns);
        table.Add(1, 2, 70_000);
        table.Add(1, 3, 1);
        table.Clear();
        var values = new int[Columns];
        table.Read(1, values);
        Assert.All(values, value => Assert.Equal(0, value));
    }

    /// <summary>A table, and what it should hold.</summary>
    private sealed class Ledger
    {
        private readonly DifferenceTable _table = new(Rows, Columns);
        private readonly long[,] _expected = new long[Rows, Columns];

        public long Largest => _expected.Cast<long>().Max();

        public void Add(int row, int column, int paths)
        {
            _table.Add(row, column, paths);
            if (column < Columns)
            {
                _expected[row, column] += paths;
            }
        }

        public void Add(Ledger other)
        {
            _table.Add(other._table);
            foreach (var (row, column) in Places())
            {
                _expected[row, column] += other._expected[row, column];
            }
        }

        /// <summary>All paths enter the first row at the same point and leave the last one at another: as much as a block can change a cell.</summary>
        public void WriteBlock(int columns, int paths)
        {
            var changes = new int[Columns];
            for (var column = 0; column < columns; column++)
            {
                _table.Cells[column] += (short)paths;
                _table.Cells[((Rows - 1) * _table.Stride) + column] -= (short)paths;
                _expected[0, column] += paths;
                _expected[Rows - 1, column] -= paths;
                changes[column] = 2 * paths;
            }

            _table.Changed(changes);
        }

        public Ledger Copy()
        {
            var copy = new Ledger();
            var values = new int[Columns];
            for (var row = 0; row < Rows; row++)
            {
                _table.Read(row, values);
                copy._table.Write(row, values);
            }

            foreach (var (row, column) in Places())
            {
                copy._expected[row, column] = _expected[row, column];
            }

            return copy;
        }

        public void AssertKept()
        {
            var values = new int[Columns];
            for (var row = 0; row < Rows; row++)
            {
                _table.Read(row, values);
                Assert.Equal(Enumerable.Range(0, Columns).Select(column => _expected[row, column]), values.Select(value => (long)value));
                var isInCells = _table.IsInCells(row, out var cells, new int[Columns]);
                Assert.True(!isInCells || cells.ToArray().Select(cell => (int)cell).SequenceEqual(values));
            }
        }

        private static IEnumerable<(int Row, int Column)> Places() =>
            from row in Enumerable.Range(0, Rows) from column in Enumerable.Range(0, Columns) select (row, column);
    }
}
