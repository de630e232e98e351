using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Scenarios.Service.Storage.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class Projections : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "projections",
                columns: table => new
                {
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    scenario_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    scenario_revision = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    create_ticks = table.Column<long>(type: "bigint", nullable: false),
                    read_ticks = table.Column<long>(type: "bigint", nullable: false),
                    paths = table.Column<long>(type: "bigint", nullable: false),
                    sampling = table.Column<int>(type: "integer", nullable: false),
                    is_converged = table.Column<bool>(type: "boolean", nullable: false),
                    headline = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    bytes = table.Column<int>(type: "integer", nullable: false),
                    message = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_projections", x => x.name);
                });

            migrationBuilder.CreateIndex(
                name: "IX_projections_create_ticks_name",
                table: "projections",
                columns: new[] { "create_ticks", "name" });

            migrationBuilder.CreateIndex(
                name: "IX_projections_read_ticks_name_bytes",
                table: "projections",
                columns: new[] { "read_ticks", "name", "bytes" });

            migrationBuilder.CreateIndex(
                name: "IX_projections_scenario_id_create_ticks_name",
                table: "projections",
                columns: new[] { "scenario_id", "create_ticks", "name" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "projections");
        }
    }
}
