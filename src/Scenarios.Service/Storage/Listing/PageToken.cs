using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Scenarios.Service.Api.Requests;

namespace Scenarios.Service.Storage.Listing;

/// <summary>Where the next page of a list begins: after the last element's place in the list's order.</summary>
internal static class PageToken
{
    private const int LongestToken = 4_096;

    /// <summary>The token of the page after a place.</summary>
    /// <param name="list">What is listed, and how: a token is of no other list.</param>
    /// <param name="place">The place.</param>
    public static string After(string list, params IEnumerable<string> place) =>
        Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes<string[]>([DigestOf(list), .. place]));

    /// <summary>The place of a token: empty for the first page; null, and reported, where the token is none of this list.</summary>
    public static string[]? Parse(RequestField field, string token, string list)
    {
        if (token.Length == 0)
        {
            return [];
        }

        if (token.Length <= LongestToken && Base64Url.IsValid(token))
        {
            try
            {
                if (JsonSerializer.Deserialize<string[]>(Base64Url.DecodeFromChars(token)) is [var digest, .. var place]
                    && digest == DigestOf(list)
                    && !place.Any(part => part is null || part.Contains('\0', StringComparison.Ordinal)))
                {
                    return place;
                }
            }
            catch (JsonException)
            {
                // Said below.
            }
        }

        ReportForeign(field, token);
        return null;
    }

    /// <summary>Reports a token of another list.</summary>
    public static void ReportForeign(RequestField field, string token) => field.Report(
        ViolationReason.BadFormat,
        $"{Spoken.Quote(token)} is not a token of this list.",
        "Give the next_page_token of the page before, with the same filter and order_by, or leave it out for the first page.");

    private static string DigestOf(string list) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(list)))[..12];
}
