public import Providers
public import Secrets

/// The ids of things that come from outside. Each is a keyed hash, so it tells nothing, and is the same again whenever the
/// same thing comes up: in another calendar, after a reconnection, in a replay.
public struct Names: Sendable {
    private let maker: NameMaker

    public init(_ maker: NameMaker) { self.maker = maker }

    public func account(_ owner: String, provider: String, _ account: String) -> String {
        maker.name(of: "\(owner)\n\(provider)\n\(account)", kind: "account")
    }

    public func calendar(account: String, path: String) -> String {
        maker.name(of: "\(account)\n\(path)", kind: "calendar")
    }

    /// What identifies something with its provider, where the provider's own id could name somebody.
    public func provided(_ identifier: String) -> String { maker.name(of: identifier, kind: "provided") }

    /// The iCalendar UID, the same in every calendar and for every user.
    public func uid(_ uid: String) -> String { maker.name(of: EventClock.lineage(uid), kind: "uid") }

    public func series(calendar: String, uid: String) -> String {
        maker.name(of: "\(calendar)\n\(uid)", kind: "series")
    }

    /// A meeting is its UID and, within a series, the start that its rule gave it. The start of a single meeting is no
    /// part of it: moved, it is the same meeting.
    ///
    /// - Parameter uid: the keyed hash of the UID, so that the name can still be made when what is personal was erased.
    public func meeting(_ owner: String, uid: String, original: OriginalStart?) -> String {
        maker.name(of: "\(owner)\n\(uid)\n\(original?.text ?? "single")", kind: "meeting")
    }

    public func address(_ owner: String, email: String) -> String {
        maker.name(of: "\(owner)\n\(email)", kind: "address")
    }

    /// For an attendee who has a name and no address.
    public func address(_ owner: String, name: String) -> String {
        maker.name(of: "\(owner)\n\(name)", kind: "address-of-name")
    }

    /// All spellings of one mailbox share it.
    public func mailbox(_ owner: String, _ alias: String) -> String {
        maker.name(of: "\(owner)\n\(alias)", kind: "mailbox")
    }

    public func person(_ owner: String, account: String, identifier: String) -> String {
        maker.name(of: "\(owner)\n\(account)\n\(identifier)", kind: "person")
    }

    /// One activity for each meeting and person, whoever logs it and however often.
    public func activity(meeting: String, person: String) -> String {
        maker.name(of: "\(meeting)\n\(person)", kind: "activity")
    }

    /// What the messages of a watch have to show: its id, and 160 bits that nobody can make without the key of the home.
    /// It is made anew whenever it is needed, so no file holds it.
    public func proof(ofWatch watch: String) -> Secret {
        let (first, second) = ("watch", "watch, second half")
        return Secret("\(watch).\(maker.name(of: watch, kind: first))\(maker.name(of: watch, kind: second))")
    }

    /// A mark of a content: equal marks mean that nothing changed.
    public func mark(_ content: [UInt8]) -> String { maker.name(of: content, kind: "mark") }
}

extension OriginalStart {
    var text: String {
        switch self {
        case .instant(let instant): String(instant)
        case .day(let day): day
        }
    }
}
