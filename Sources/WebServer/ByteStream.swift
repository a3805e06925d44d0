/// Bytes that are sent to a client as they come.
///
/// Whoever makes them calls `send` from any thread; who reads too slowly, or has gone, is told to the maker by `false`.
public final class ByteStream: Sendable {
    public init() {}
}
