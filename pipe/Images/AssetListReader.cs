using System.Buffers;
using System.Text.Json;

namespace EcsDeploy.Images;

/// <summary>Goes through a list of static files token by token, and notes where each endpoint and each file's time lies, and what the endpoint is called.</summary>
internal sealed class AssetListReader
{
    // Where what is looked at lies: properties of the list, an endpoint, its properties, a header, its properties.
    private const int ListDepth = 1;
    private const int EndpointDepth = 2;
    private const int MemberDepth = 3;
    private const int HeaderDepth = 4;
    private const int HeaderMemberDepth = 5;

    // No address is as long: whatever it is, it is no list of files.
    private const int LongestToken = 1024 * 1024;

    private readonly ArrayBufferWriter<byte> _key = new();
    private JsonReaderState _state;
    private bool _isEndpoints;
    private bool _inEndpoints;
    private bool _isList;
    private long _begin;
    private int _firstTime;
    private Member _member;
    private Member _headerMember;
    private bool _isTime;
    private AssetListIndex.Span _value;

    private enum Member
    {
        Other,
        Key,
        Headers,
        Name,
        Value,
    }

    /// <summary>In the file's order.</summary>
    public List<AssetListIndex.Endpoint> Endpoints { get; } = [];

    public List<AssetListIndex.Span> Times { get; } = [];

    /// <summary>Whether it is a list of static files at all.</summary>
    public async Task<bool> ReadAsync(Stream file, CancellationToken token)
    {
        var buffer = new byte[64 * 1024];
        var (start, held) = (0L, 0);
        try
        {
            while (true)
            {
                var count = await file.ReadAsync(buffer.AsMemory(held), token);
                held += count;
                var used = Read(buffer.AsSpan(0, held), start, isLast: count == 0);
                if (count == 0)
                {
                    return _isList;
                }

                buffer.AsSpan(used, held - used).CopyTo(buffer);
                (start, held) = (start + used, held - used);
                if (held == buffer.Length)
                {
                    Array.Resize(ref buffer, held < LongestToken ? 2 * held : throw new JsonException());
                }
            }
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private int Read(ReadOnlySpan<byte> bytes, long start, bool isLast)
    {
        var reader = new Utf8JsonReader(bytes, isLast, _state);
        while (reader.Read())
        {
            Take(reader, start);
        }

        _state = reader.CurrentState;
        return (int)reader.BytesConsumed;
    }

    private void Take(in Utf8JsonReader token, long start)
    {
        switch (token.CurrentDepth, token.TokenType)
        {
            case (0, not (JsonTokenType.StartObject or JsonTokenType.EndObject)):
                throw new JsonException();
            case (ListDepth, JsonTokenType.PropertyName):
                _isEndpoints = token.ValueTextEquals("Endpoints");
                break;
            case (ListDepth, JsonTokenType.StartArray) when _isEndpoints:
                _inEndpoints = !_isList ? true : throw new JsonException();
                _isList = true;
                break;
            case (ListDepth, JsonTokenType.EndArray):
                _inEndpoints = false;
                break;
            case (EndpointDepth, JsonTokenType.StartObject) when _inEndpoints:
                (_begin, _firstTime, _member) = (start + token.TokenStartIndex, Times.Count, Member.Other);
                _key.ResetWrittenCount();
                break;
            case (EndpointDepth, JsonTokenType.EndObject) when _inEndpoints:
                Endpoints.Add(new AssetListIndex.Endpoint(_begin, start + token.BytesConsumed, _key.WrittenSpan.ToArray(), _firstTime, Times.Count - _firstTime));
                break;
            case (EndpointDepth, _) when _inEndpoints:
                throw new JsonException();
            default:
                if (_inEndpoints)
                {
                    TakeMember(token, start);
                }

                break;
        }
    }

    private void TakeMember(in Utf8JsonReader token, long start)
    {
        if (token is { CurrentDepth: MemberDepth, TokenType: JsonTokenType.PropertyName })
        {
            _member = MemberOf(token);
        }
        else if (_member == Member.Headers)
        {
            TakeHeader(token, start);
        }
        else if (_member == Member.Key && token.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
        {
            // Ends of objects and arrays keep selectors apart. The SDK writes address, file and selectors in this order.
            _key.Write(token.ValueSpan);
            _key.Write("\0"u8);
        }
    }

    private static Member MemberOf(in Utf8JsonReader name)
    {
        if (name.ValueTextEquals("ResponseHeaders"))
        {
            return Member.Headers;
        }

        var isKey = name.ValueTextEquals("Route") || name.ValueTextEquals("AssetFile") || name.ValueTextEquals("Selectors");
        return isKey ? Member.Key : Member.Other;
    }

    private void TakeHeader(in Utf8JsonReader token, long start)
    {
        switch (token.CurrentDepth, token.TokenType)
        {
            case (HeaderDepth, JsonTokenType.EndObject):
                if (_isTime && _value != default)
                {
                    Times.Add(_value);
                }

                break;
            case (HeaderDepth, _):
                (_headerMember, _isTime, _value) = (Member.Other, false, default);
                break;
            case (HeaderMemberDepth, JsonTokenType.PropertyName):
                _headerMember = token.ValueTextEquals("Name") ? Member.Name : token.ValueTextEquals("Value") ? Member.Value : Member.Other;
                break;
            case (HeaderMemberDepth, JsonTokenType.String) when _headerMember == Member.Name:
                _isTime = token.ValueTextEquals("Last-Modified");
                break;
            case (HeaderMemberDepth, JsonTokenType.String) when _headerMember == Member.Value:
                _value = new AssetListIndex.Span(start + token.TokenStartIndex, start + token.BytesConsumed);
                break;
            default:
                break;
        }
    }
}
