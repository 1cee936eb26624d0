using Serilog;
using Shop.Catalog;

const string Version = "1.0";

using var log = new LoggerConfiguration().WriteTo.Console().CreateLogger();

var app = WebApplication.CreateBuilder(args).Build();
app.UseStaticFiles();
app.MapGet("/version", () => Version);
app.MapGet("/health", () => "healthy");
app.MapGet("/items", () => Catalog.Items);

log.Information("Shop {Version} starts", Version);
app.Run();
