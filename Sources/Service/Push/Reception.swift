import Entries
import WebServer

/// What is made of one request that a provider, or somebody else, sent.
struct Reception: Sendable {
    /// What is to be written down before anything is answered.
    var messages: [Message] = []
    /// What is answered then, or at once where there is nothing to write.
    var reply: Reply
    /// What it was, in a word each; nothing else of it is ever told.
    var counts: [PushCount] = []
    /// Something in it showed nothing, or the wrong thing.
    var isStrange = false

    init(_ status: Int, _ counts: PushCount...) {
        reply = Reply(status)
        self.counts = counts
    }

    /// A message that showed what it had to show.
    struct Message: Sendable {
        let watch: String
        let calendar: String
        /// By which a second copy is known.
        let mark: String
        let draft: Draft
        /// It says that the calendar must be read, so that it must not be lost.
        let isOfChange: Bool
    }
}

/// What came, as it is counted.
public enum PushCount: String, Sendable, CaseIterable {
    case handshake, changed, missing, lifecycle, other, repeated, unknown, forged, malformed, late, overflow, unstored
    case strangers = "too_many_strangers"
}
