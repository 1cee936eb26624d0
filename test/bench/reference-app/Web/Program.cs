using Prices;

var app = WebApplication.CreateBuilder(args).Build();
app.MapGet("/", () => $"version 1, a book costs {PriceList.Of("book")}");
app.MapStaticAssets();
app.Run();
