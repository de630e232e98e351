using System.IO.Compression;
using System.Net.Mime;
using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;
using Scenarios.Service.Security;

namespace Scenarios.Service.Api.Http;

/// <summary>
/// The dashboard: the files of <c>wwwroot</c>, built from <c>src/dashboard</c> and embedded, so that whatever process hosts the service
/// has them, from whatever folder. They are on the HTTP listener alone and open to everybody: they know nothing; what the page asks the
/// service for needs whatever the service needs.
/// </summary>
internal static class Dashboard
{
    private const string Folder = "wwwroot/";
    private const string Page = "index.html";

    /// <summary>
    /// Nothing from elsewhere, nothing inline. Pictures are made of the page's own charts, to be saved as PNG: blob URLs, which only the
    /// page's own scripts can make.
    /// </summary>
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' blob:; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>Maps the page to <c>/</c> and to the permanent names of projections, and each asset to its own address.</summary>
    public static void MapDashboard(this IEndpointRouteBuilder app)
    {
        foreach (var file in Files())
        {
            string[] patterns = file.Name == Page ? ["/", "/projections/{hash}"] : ["/" + file.Name];
            foreach (var pattern in patterns)
            {
                app.MapMethods(pattern, [HttpMethods.Get, HttpMethods.Head], file.AnswerAsync)
                    .WithMetadata(Access.Open)
                    .Add(HttpListener.Restrict);
            }
        }
    }

    private static IEnumerable<StaticFile> Files()
    {
        var assembly = typeof(Dashboard).Assembly;
        foreach (var resource in assembly.GetManifestResourceNames())
        {
            var name = resource.Replace('\\', '/'); // The folder's separator is the one of the machine that built it.
            if (!name.StartsWith(Folder, StringComparison.Ordinal))
            {
                continue;
            }

            using var stream = assembly.GetManifestResourceStream(resource)!;
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            yield return new(name[Folder.Length..], bytes);
        }
    }

    /// <summary>One file, as it is and compressed.</summary>
    private sealed class StaticFile(string name, byte[] bytes)
    {
        private readonly Lazy<byte[]> _compressed = new(() => Compress(bytes));
        private readonly string _tag = Convert.ToHexStringLower(SHA256.HashData(bytes)[..16]);

        public string Name => name;

        public Task AnswerAsync(HttpContext http)
        {
            var headers = http.Response.Headers;
            headers.ContentSecurityPolicy = ContentSecurityPolicy;
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "no-referrer"; // A link's address holds what its reader looks at.
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
            headers["Cross-Origin-Resource-Policy"] = "same-origin";

            // An asset's name holds a hash of its content; the page's does not, and names the assets of the day.
            headers.CacheControl = name == Page ? "no-cache" : "public, max-age=31536000, immutable";
            headers.Vary = HeaderNames.AcceptEncoding;
            var compressed = http.Request.GetTypedHeaders().AcceptEncoding.Any(coding => coding is { Value.Value: "gzip", Quality: not 0 });
            if (compressed)
            {
                headers.ContentEncoding = "gzip";
            }

            return Results
                .Bytes(
                    compressed ? _compressed.Value : bytes,
                    ContentType(),
                    entityTag: new(compressed ? $"\"{_tag}-gzip\"" : $"\"{_tag}\""))
                .ExecuteAsync(http);
        }

        private string ContentType() => Path.GetExtension(name) switch
        {
            ".html" => MediaTypeNames.Text.Html + "; charset=utf-8",
            ".js" => MediaTypeNames.Text.JavaScript + "; charset=utf-8",
            ".css" => MediaTypeNames.Text.Css + "; charset=utf-8",
            ".svg" => MediaTypeNames.Image.Svg,
            var other => throw new InvalidOperationException($"{name}: no content type is known for {other}."),
        };

        private static byte[] Compress(byte[] bytes)
        {
            using var output = new MemoryStream();
            using (var gzip = new GZipStream(output, CompressionLevel.SmallestSize))
            {
                gzip.Write(bytes);
            }

            return output.ToArray();
        }
    }
}
