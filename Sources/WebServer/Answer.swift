/// The one chance to answer a visit, now or later, from any thread.
///
/// If it is let go without a reply, 500 is given, so that nobody waits for ever. A reply that comes second, or after the client
/// has gone or the listener has stopped, does no harm and nothing; a stream in it is told its end.
public final class Answer: Sendable {
    private let call: Call

    init(_ call: Call) { self.call = call }

    deinit { call.abandon() }

    public func give(_ reply: Reply) { call.give(reply) }
}
