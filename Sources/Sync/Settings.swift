import Entries
public import SQLite

/// What a user may set, with its default. A value that was never set is the default, also of a later version.
public enum Setting: String, CaseIterable, Sendable, Codable {
    case aliases = "match.aliases"
    case fuzzy = "match.fuzzy"
    case ownDomains = "match.own_domains"
    case blocked = "match.blocked"
    case matcher = "match.version"
    case namesLog = "log.names"
    case leastConfidence = "log.least_confidence"
    case declinedAttendees = "log.declined_attendees"
    case lateContacts = "log.late_contacts"
    case limit = "log.limit"
    case keepDays = "views.keep_days"
    case allowedHosts = "network.allowed_hosts"
    case schedule = "jobs.schedule"
    case publicAddress = "network.public_address"
    case trustedProxies = "network.trusted_proxies"
    case workingHours = "schedule.working_hours"
    case conflicts = "meetings.conflicts"
    case frequency = "schedule.sync_frequency"

    public enum Kind: Sendable, Equatable {
        case flag(Bool)
        case number(Int64, in: ClosedRange<Int64>)
        /// Addresses or domains; they tell about people.
        case names
        /// Hosts and networks, as `nas.lan:5232` or `192.168.1.0/24`.
        case hosts
        /// Addresses and networks, as `127.0.0.1` or `10.0.0.0/8`.
        case networks
        case word(String, of: [String])
        /// Ranges of the day on days of the week, or nothing.
        case hours
        /// Where this Daybook is reached from everywhere, or nothing.
        case publicAddress
    }

    public var kind: Kind {
        switch self {
        case .aliases, .namesLog, .declinedAttendees: .flag(false)
        case .fuzzy, .lateContacts, .schedule: .flag(true)
        case .ownDomains, .blocked: .names
        case .allowedHosts: .hosts
        case .publicAddress: .publicAddress
        case .trustedProxies: .networks
        case .workingHours: .hours
        case .conflicts: .word("manual", of: ["manual", "prefer_google", "prefer_microsoft", "prefer_newest"])
        case .matcher: .word("1", of: ["1"])
        case .leastConfidence: .number(50, in: 50...100)
        case .limit: .number(10, in: 1...100_000)
        case .keepDays: .number(90, in: 0...36_500)
        case .frequency: .number(15, in: 5...1_440)
        }
    }

    public var meaning: String {
        switch self {
        case .aliases: "An address matches one that differs by a plus tag, or by dots at Gmail (95)."
        case .fuzzy: "A full name that differs by one or two letters is suggested (50)."
        case .ownDomains: "The domains of my own house: who writes from there is a colleague, and never matched."
        case .blocked: "Addresses and domains that are never matched."
        case .matcher: "The version of the rules that match."
        case .namesLog: "A match by name logs without being confirmed."
        case .leastConfidence: "Below this confidence a match by name is only a suggestion."
        case .declinedAttendees: "Who declined an invitation is logged all the same."
        case .lateContacts: "Who becomes known after a meeting was decided is logged for it as well."
        case .limit: "How many meetings one run logs at the most."
        case .schedule: "The service reads, logs and keeps order by itself; off, it does what it is asked."
        case .keepDays: "For how many days past the window old meetings are shown; the ledger keeps them for ever."
        case .allowedHosts: "Servers in your own network that may be asked; all others there are refused."
        case .publicAddress: "Where Google and Microsoft reach this Daybook, to tell it of changes at once."
        case .conflicts:
            "Which of two copies of a meeting is shown: I say it each time, or one provider's, or the newest."
        case .workingHours: "When I work: what is read less often than every 20 minutes is read so often then."
        case .trustedProxies: "Proxies of my own, whose word is believed about where a request comes from."
        case .frequency: "How many minutes lie between two readings of a connection whose owner chose nothing else."
        }
    }

    /// It is about the whole home, and no user has one of their own.
    public var isHomeOnly: Bool {
        [.allowedHosts, .schedule, .frequency, .publicAddress, .trustedProxies].contains(self)
    }

    /// Whether the stage that matches has to look at every address again.
    public var isOfMatching: Bool { rawValue.hasPrefix("match.") || self == .namesLog || self == .leastConfidence }

    /// The name under which it is typed after `--with`, or in full.
    public init?(named name: String) {
        guard let setting = Setting.allCases.first(where: { $0.rawValue == name || $0.shortName == name }) else {
            return nil
        }
        self = setting
    }

    /// The part behind the dot, with hyphens.
    public var shortName: String {
        String(rawValue.drop { $0 != "." }.dropFirst()).split(separator: "_").joined(separator: "-")
    }
}

/// The settings that hold for a user: those of the user, else those of the home, else the defaults.
public struct Settings: Sendable, Equatable {
    public struct Value: Sendable, Equatable {
        /// As JSON.
        public let json: String
        /// Where it comes from: the user's own, the home's, or the default.
        public let origin: String
    }

    private var values: [Setting: Value] = [:]

    public init() {}

    public init(of owner: String, _ views: Connection) throws {
        for (scope, origin) in [(Draft.home, "home"), (owner, "own")] {
            try views.prepare("SELECT setting, value FROM setting WHERE owner = ?").eachRow(.text(scope)) { row in
                guard let setting = Setting(rawValue: row.text(0)) else { return }
                values[setting] = Value(json: row.text(1), origin: origin)
            }
        }
    }

    public subscript(setting: Setting) -> Value {
        get { values[setting] ?? Value(json: Settings.defaultJSON(setting), origin: "default") }
        set { values[setting] = newValue }
    }

    public static func defaultJSON(_ setting: Setting) -> String {
        switch setting.kind {
        case .flag(let isOn): isOn ? "true" : "false"
        case .number(let number, _): String(number)
        case .names, .hosts, .networks: "[]"
        case .word(let word, _): "\"\(word)\""
        case .publicAddress, .hours: "\"\""
        }
    }

    public func flag(_ setting: Setting) -> Bool { self[setting].json == "true" }

    public func word(_ setting: Setting) -> String { self[setting].json.filter { $0 != "\"" } }

    public func number(_ setting: Setting) -> Int64 { Int64(self[setting].json) ?? 0 }

    public func names(_ setting: Setting) -> [String] { JSONList.texts(self[setting].json) }

    /// Where providers reach this Daybook; nil where nobody does, and then everything is read at its planned times.
    public var publicAddress: PublicAddress? {
        try? PublicAddress(self[.publicAddress].json.filter { $0 != "\"" && $0 != "\\" })
    }

    public var logRules: LogRules {
        var rules = LogRules()
        rules.leastConfidence = number(.leastConfidence)
        rules.logsDeclinedAttendees = flag(.declinedAttendees)
        rules.logsLateContacts = flag(.lateContacts)
        return rules
    }
}
