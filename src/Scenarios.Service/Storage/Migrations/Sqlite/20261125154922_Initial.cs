using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Scenarios.Service.Storage.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "scenarios",
                columns: table => new
                {
                    id = table.Column<string>(type: "TEXT", nullable: false),
                    revision_id = table.Column<string>(type: "TEXT", nullable: false),
                    revision_number = table.Column<long>(type: "INTEGER", nullable: false),
                    display_name = table.Column<string>(type: "TEXT", nullable: false),
                    bytes = table.Column<int>(type: "INTEGER", nullable: false),
                    create_ticks = table.Column<long>(type: "INTEGER", nullable: false),
                    update_ticks = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_scenarios", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "scenario_labels",
                columns: table => new
                {
                    scenario_id = table.Column<string>(type: "TEXT", nullable: false),
                    key = table.Column<string>(type: "TEXT", nullable: false),
                    value = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_scenario_labels", x => new { x.scenario_id, x.key });
                    table.ForeignKey(
                        name: "FK_scenario_labels_scenarios_scenario_id",
                        column: x => x.scenario_id,
                        principalTable: "scenarios",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "scenario_revisions",
                columns: table => new
                {
                    scenario_id = table.Column<string>(type: "TEXT", nullable: false),
                    revision_id = table.Column<string>(type: "TEXT", nullable: false),
                    number = table.Column<long>(type: "INTEGER", nullable: false),
                    is_built_in = table.Column<bool>(type: "INTEGER", nullable: false),
                    create_ticks = table.Column<long>(type: "INTEGER", nullable: false),
                    message = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_scenario_revisions", x => new { x.scenario_id, x.revision_id });
                    table.ForeignKey(
                        name: "FK_scenario_revisions_scenarios_scenario_id",
                        column: x => x.scenario_id,
                        principalTable: "scenarios",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_scenario_labels_key_value",
                table: "scenario_labels",
                columns: new[] { "key", "value" });

            migrationBuilder.CreateIndex(
                name: "IX_scenario_revisions_scenario_id_number",
                table: "scenario_revisions",
                columns: new[] { "scenario_id", "number" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_scenarios_create_ticks_id",
                table: "scenarios",
                columns: new[] { "create_ticks", "id" });

            migrationBuilder.CreateIndex(
                name: "IX_scenarios_display_name_id",
                table: "scenarios",
                columns: new[] { "display_name", "id" });

            migrationBuilder.CreateIndex(
                name: "IX_scenarios_update_ticks_id",
                table: "scenarios",
                columns: new[] { "update_ticks", "id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "scenario_labels");

            migrationBuilder.DropTable(
                name: "scenario_revisions");

            migrationBuilder.DropTable(
                name: "scenarios");
        }
    }
}
