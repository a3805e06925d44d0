import Entries
import Matching

/// How a connection is to be read and logged, whatever it is a connection to. What is not said has its default, and of a
/// connection that is there already is left as it is.
public struct ConnectionTerms: Codable, Sendable {
    public var name: String?
    /// The user's own address in these calendars.
    public var email: String?
    public var fromDays: Int64?
    public var toDays: Int64?
    /// How many minutes lie between two readings.
    public var minutes: Int64?
    public var isAutoLogEnabled: Bool?
    /// Past meetings are left alone, and only later ones logged by themselves.
    public var logsOnlyLater = false
    public var keepsPrivate: Bool?

    public init() {}

    func check() throws {
        try fromDays.map { try Ranges.require($0, in: 0...365, "from-days") }
        try toDays.map { try Ranges.require($0, in: 0...365, "to-days") }
        try minutes.map { try Ranges.require($0, in: 5...1_440, "every") }
        if name?.isEmpty == true { throw Refusal(.badRequest, "the name of the connection is empty") }
        if let email, MailAddress(email) == nil {
            throw Refusal(.badRequest, "“\(email)” is no e-mail address", hint: "As in: --email ada@brandt.example")
        }
    }

    /// - Parameter usual: the minutes between two readings where nobody chose others.
    func apply(to added: inout ConnectionAdded, now: Int64, usual: Int64) {
        if let email { added.email = email.lowercased() }
        added.syncFromDays = fromDays ?? 90
        added.syncToDays = toDays ?? 30
        added.syncFrequencyMinutes = minutes ?? usual
        added.isFrequencyChosen = minutes != nil
        added.isAutoLogEnabled = isAutoLogEnabled ?? true
        added.autoLogFrom = logsOnlyLater ? now : nil
        added.privatePolicy = keepsPrivate == true ? .full : .busyOnly
    }

    /// What was said and is otherwise in a connection, by the names of its fields.
    func differing(from known: ConnectionsRequest.Shown) -> [String] {
        func differs<Value: Equatable>(_ said: Value?, _ is: Value?) -> Bool { said.map { $0 != `is` } ?? false }
        return [
            ("name", differs(name, known.name)), ("email", differs(email?.lowercased(), known.email)),
            ("from_days", differs(fromDays, known.fromDays)), ("to_days", differs(toDays, known.toDays)),
            ("minutes", differs(minutes, known.minutes)),
            ("auto_log", differs(isAutoLogEnabled, known.isAutoLogEnabled)),
            ("only_later", logsOnlyLater && known.autoLogFrom == nil),
            ("private", differs(keepsPrivate, known.keepsPrivate)),
        ].filter(\.1).map(\.0)
    }
}
