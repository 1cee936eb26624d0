using System.Text.Json;

namespace EcsDeploy.Images;

/// <summary>
/// Copies a list of static files token by token, with one date in place of each file's time: a list of ten thousands of files takes no more memory than its
/// own bytes, read and written. Only <c>Endpoints[].ResponseHeaders[]</c> is looked at.
/// </summary>
internal ref struct AssetListRewriter
{
    // The ETags in the same list are hashes of contents, so caches work on without the real time.
    private const string FixedDate = "Tue, 01 Jan 1980 00:00:00 GMT";

    // Where what is looked at lies: properties of the list, of an endpoint, of a header.
    private const int ListDepth = 1;
    private const int EndpointDepth = 3;
    private const int HeaderDepth = 5;

    private readonly Utf8JsonWriter _writer;
    private Utf8JsonReader _reader;
    private bool _namedEndpoints;
    private bool _inEndpoints;
    private bool _namedHeaders;
    private bool _inHeaders;
    private bool _isTime;

    public AssetListRewriter(ReadOnlySpan<byte> list, Utf8JsonWriter writer)
    {
        _reader = new Utf8JsonReader(list);
        _writer = writer;
    }

    /// <summary>Throws what the reader throws where the list is no JSON object.</summary>
    public void Rewrite()
    {
        while (_reader.Read())
        {
            if (_reader is { CurrentDepth: 0, TokenType: not (JsonTokenType.StartObject or JsonTokenType.EndObject) })
            {
                throw new JsonException();
            }

            Copy();
        }
    }

    private void Copy()
    {
        switch (_reader.TokenType)
        {
            case JsonTokenType.StartObject:
                Enter(isArray: false);
                _writer.WriteStartObject();
                break;
            case JsonTokenType.StartArray:
                Enter(isArray: true);
                _writer.WriteStartArray();
                break;
            case JsonTokenType.EndObject:
                EndObject();
                break;
            case JsonTokenType.EndArray:
                _writer.WriteEndArray();
                break;
            case JsonTokenType.PropertyName:
                CopyName();
                break;
            default:
                CopyValue();
                break;
        }
    }

    private void Enter(bool isArray)
    {
        switch (_reader.CurrentDepth)
        {
            case ListDepth:
                _inEndpoints = isArray && _namedEndpoints;
                break;
            case ListDepth + 1:
                _namedHeaders = false;
                break;
            case EndpointDepth:
                _inHeaders = isArray && _namedHeaders;
                break;
            case EndpointDepth + 1:
                _isTime = !isArray && _inHeaders && IsTime(_reader);
                break;
            default:
                break;
        }
    }

    /// <summary>Looks ahead, as the name may stand behind the value.</summary>
    private static bool IsTime(Utf8JsonReader ahead)
    {
        while (ahead.Read() && ahead.CurrentDepth >= HeaderDepth)
        {
            if (ahead is { CurrentDepth: HeaderDepth, TokenType: JsonTokenType.PropertyName } && ahead.ValueTextEquals("Name"))
            {
                return ahead.Read() && ahead.TokenType == JsonTokenType.String && ahead.ValueTextEquals("Last-Modified");
            }
        }

        return false;
    }

    private void CopyName()
    {
        _namedEndpoints = _reader.CurrentDepth == ListDepth ? _reader.ValueTextEquals("Endpoints") : _namedEndpoints;
        _namedHeaders = _reader.CurrentDepth == EndpointDepth ? _inEndpoints && _reader.ValueTextEquals("ResponseHeaders") : _namedHeaders;
        if (_isTime && _reader.CurrentDepth == HeaderDepth && _reader.ValueTextEquals("Value"))
        {
            _writer.WriteString("Value", FixedDate);
            _reader.Skip();
            return;
        }

        if (_reader.ValueIsEscaped)
        {
            _writer.WritePropertyName(_reader.GetString()!);
            return;
        }

        _writer.WritePropertyName(_reader.ValueSpan);
    }

    private void EndObject()
    {
        _isTime = _isTime && _reader.CurrentDepth > EndpointDepth + 1;
        _writer.WriteEndObject();
    }

    private readonly void CopyValue()
    {
        if (_reader is { TokenType: JsonTokenType.String, ValueIsEscaped: true })
        {
            _writer.WriteStringValue(_reader.GetString());
        }
        else if (_reader.TokenType == JsonTokenType.String)
        {
            _writer.WriteStringValue(_reader.ValueSpan);
        }
        else
        {
            // Numbers as they were written, and true, false and null.
            _writer.WriteRawValue(_reader.ValueSpan, skipInputValidation: true);
        }
    }
}
