import Entries
import Matching

/// How a connection is to be read and logged, whatever it is a connection to.
public struct ConnectionTerms: Codable, Sendable {
    public var name: String?
    /// The user's own address in these calendars.
    public var email: String?
    public var fromDays: Int64 = 90
    public var toDays: Int64 = 30
    /// How many minutes lie between two readings.
    public var minutes: Int64 = 15
    public var isAutoLogEnabled = true
    /// Past meetings are left alone, and only later ones logged by themselves.
    public var logsOnlyLater = false
    public var keepsPrivate = false

    public init() {}

    func check() throws {
        try Ranges.require(fromDays, in: 0...365, "from-days")
        try Ranges.require(toDays, in: 0...365, "to-days")
        try Ranges.require(minutes, in: 5...1_440, "every")
        if name?.isEmpty == true { throw Refusal(.badRequest, "the name of the connection is empty") }
        if let email, MailAddress(email) == nil {
            throw Refusal(.badRequest, "“\(email)” is no e-mail address", hint: "As in: --email ada@brandt.example")
        }
    }

    func apply(to added: inout ConnectionAdded, now: Int64) {
        if let name { added.name = name }
        if let email { added.email = email.lowercased() }
        added.syncFromDays = fromDays
        added.syncToDays = toDays
        added.syncFrequencyMinutes = minutes
        added.isAutoLogEnabled = isAutoLogEnabled
        added.autoLogFrom = logsOnlyLater ? now : nil
        added.privatePolicy = keepsPrivate ? .full : .busyOnly
    }
}
