using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Scenarios.Service.Storage.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class Tallies : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "tallies",
                columns: table => new
                {
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    inner_key = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    paths = table.Column<long>(type: "bigint", nullable: false),
                    data = table.Column<byte[]>(type: "bytea", nullable: false),
                    read_ticks = table.Column<long>(type: "bigint", nullable: false),
                    bytes = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_tallies", x => x.name);
                });

            migrationBuilder.CreateIndex(
                name: "IX_tallies_inner_key_paths",
                table: "tallies",
                columns: new[] { "inner_key", "paths" });

            migrationBuilder.CreateIndex(
                name: "IX_tallies_read_ticks_name_bytes",
                table: "tallies",
                columns: new[] { "read_ticks", "name", "bytes" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "tallies");
        }
    }
}
