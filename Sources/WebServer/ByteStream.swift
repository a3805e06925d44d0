/// Bytes that are sent to a client as they come: for events, and for answers that are too long to hold.
///
/// Whoever makes them calls `send` from any thread. What the client has not taken yet waits in a buffer with a bound; who
/// reads too slowly, or has gone, is told to the maker by `false`, and then the stream has ended. A stream that nobody holds
/// any more is closed. It belongs to one reply.
public final class ByteStream: Sendable {
    /// So much may wait for one client: enough for a pause of its network, too little to hurt with many.
    public static let usualBound = 256 << 10

    let channel: Channel

    public init(bound: Int = usualBound) { channel = Channel(bound: bound) }

    deinit { channel.close() }

    /// False when the stream has ended: it was closed, the client is gone, or more than the bound would wait, in which case
    /// the connection is cut. It may be called before the reply is given, and never waits.
    @discardableResult
    public func send(_ bytes: [UInt8]) -> Bool { channel.send(bytes) }

    /// What the client has not taken yet; nil when the stream has ended.
    public var waitingBytes: Int? { channel.waitingBytes }

    /// Closes the connection at once; what waits is lost.
    public func cut() { channel.cutOff() }

    /// What waits is still sent, and then the answer is complete.
    public func close() { channel.close() }

    /// Calls once, when the answer has been sent to its end or can no longer be: the client went, also by closing only its own
    /// half, read too slowly, or the listener stopped. It is called from an internal thread, or at once if that was earlier,
    /// and must not block. The one that was named last counts.
    public func onEnd(_ body: @escaping @Sendable () -> Void) { channel.whenOver(body) }
}
