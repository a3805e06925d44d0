import Entries
import Machine
import Secrets

/// What a hook is told of one entry, as Standard Webhooks have it.
struct HookMessage {
    /// The same however often it is told, so that whoever is told can leave out what came before.
    let identifier: String
    let body: [UInt8]

    init(_ entry: EntryAnswer, hook: String, withPersonal: Bool) {
        identifier = "msg_\(hook)_\(entry.position)"
        var writer = JSONWriter()
        writer.name("type")
        writer.text(entry.type)
        writer.name("timestamp")
        writer.text(Moment.utc(entry.at))
        writer.name("data")
        writer.text("")
        // The two halves are JSON already, and stand in it as they are.
        var head = String(decoding: writer.finish(), as: UTF8.self)
        head.removeLast(3)
        var inner = JSONWriter()
        inner.name("position")
        inner.integer(entry.position)
        inner.name("stream")
        inner.text(entry.stream)
        inner.name("owner")
        inner.text(entry.owner)
        if let cause = entry.cause {
            inner.name("cause")
            inner.integer(cause)
        }
        var fields = String(decoding: inner.finish(), as: UTF8.self)
        fields.removeLast()
        fields += ",\"entry\":\(entry.data)"
        if withPersonal, let personal = entry.personal { fields += ",\"personal\":\(personal)" }
        body = Array((head + fields + "}}").utf8)
    }

    /// The headers by which whoever has the secret knows that the message is ours, unchanged, and not an old one.
    func headers(secret: Secret, at now: Int64) -> [(String, String)] {
        let time = String(now / 1_000)
        let key = secret.reveal { [UInt8](base64: String($0.dropFirst(HookSecret.prefix.count))) ?? [] }
        let code = MessageCode.make(Array("\(identifier).\(time).".utf8) + body, key: key)
        return [
            ("webhook-id", identifier), ("webhook-timestamp", time), ("webhook-signature", "v1,\(code.base64)"),
        ]
    }
}

/// The secret of an address, and where it is kept.
enum HookSecret {
    static let prefix = "whsec_"

    static func make(_ randomness: Randomness) -> Secret { Secret(prefix + randomness.bytes(32).base64) }

    /// A place in the vault that no connection can have.
    static func place(_ hook: String) -> String { "hook/\(hook)" }
}
