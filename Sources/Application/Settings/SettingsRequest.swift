import Entries
import Projections
import SQLite
import Sync

/// The settings that hold for a user, and where each comes from.
public struct SettingsRequest: ReadingRequest {
    public static let name = "settings"

    public struct Answer: Codable, Sendable {
        public let settings: [Shown]
    }

    public struct Shown: Codable, Sendable, Equatable {
        /// As the ledger names it.
        public let setting: String
        /// As it is typed.
        public let name: String
        /// As JSON.
        public let value: String
        public let text: String
        /// own, home or default.
        public let origin: String
        public let meaning: String
        public let choices: String
    }

    public var user: String?
    /// Only this one.
    public var setting: String?

    public init(user: String?, setting: String? = nil) {
        self.user = user
        self.setting = setting
    }

    public func answer(in home: OpenHome) throws -> Answer {
        let viewer = try home.viewer(user)
        let wanted = try setting.map { [try Setting.required($0)] } ?? Setting.allCases
        let settings = try home.views().read { try Settings(of: viewer.user, $0) }
        return Answer(settings: wanted.map { Shown($0, settings[$0]) })
    }
}

extension SettingsRequest.Shown {
    init(_ setting: Setting, _ value: Settings.Value) {
        self.init(
            setting: setting.rawValue, name: setting.shortName, value: value.json, text: setting.text(value.json),
            origin: value.origin, meaning: setting.meaning, choices: setting.choices)
    }
}

extension Setting {
    static func required(_ name: String) throws -> Setting {
        if let setting = Setting(named: name) { return setting }
        let names = allCases.map(\.shortName).joined(separator: ", ")
        throw Refusal(.badRequest, "there is no setting “\(name)”", hint: "There are: \(names).")
    }

    /// A value as a person would type it.
    func text(_ json: String) -> String {
        switch kind {
        case .flag: return json == "true" ? "on" : "off"
        case .number: return json
        case .word: return json.filter { $0 != "\"" }
        case .publicAddress, .hours:
            let text = json.filter { $0 != "\"" }
            return text.isEmpty ? "none" : text
        case .names, .hosts, .networks:
            let names = StoredList.texts(json)
            return names.isEmpty ? "none" : names.joined(separator: ", ")
        }
    }

    /// What it can be.
    var choices: String {
        switch kind {
        case .flag: "on or off"
        case .number(_, let range): "\(range.lowerBound) to \(range.upperBound)"
        case .word(_, let words): words.joined(separator: ", ")
        case .hosts: "hosts and networks"
        case .hours: "as mon-fri 08:00-18:00, or none"
        case .publicAddress: "an https address, or none"
        case .networks: "addresses and networks"
        case .names: self == .ownDomains ? "domains" : "addresses and domains"
        }
    }

    /// Whether meetings that were decided may be decided otherwise now.
    var changesDecisions: Bool { isOfMatching || rawValue.hasPrefix("log.") }
}

/// Gives a setting another value, for a user or for the whole home. What follows from it is done at once.
public struct ChangeSettingRequest: Request {
    public static let name = "change_setting"

    public struct Changed: Codable, Sendable {
        public let before: SettingsRequest.Shown
        public let after: SettingsRequest.Shown
        public let isChanged: Bool
        public let isHomeWide: Bool
        public let followed: Followed
    }

    public var user: String?
    public var setting: String
    /// As a person types it; nil puts it back to what the home, or the default, says.
    public var value: String?
    public var isHomeWide = false

    public init(user: String?, setting: String, value: String?) {
        self.user = user
        self.setting = setting
        self.value = value
    }

    public func answer(in home: OpenHome) throws -> Changed {
        let viewer = try home.viewer(user)
        let setting = try Setting.required(setting)
        if isHomeWide { try viewer.requireAdmin("change a setting for the whole home") }
        if setting.isHomeOnly, !isHomeWide {
            throw Refusal(
                .badRequest, "“\(setting.shortName)” holds for the whole home", hint: "Add --home-wide")
        }
        let json = try value.map { try Self.json($0, setting) }
        let scope = isHomeWide ? Draft.home : viewer.user
        let desk = home.desk()
        let before = try desk.read { try Settings(of: scope, $0) }[setting]
        let isSet = before.origin == (isHomeWide ? "home" : "own") || (isHomeWide && before.origin == "own")
        let isChanged = json == nil ? isSet : !isSet || before.json != json
        if isChanged {
            let changed = desk.draft(
                setting.changed(to: json, from: before), stream: "setting/\(setting.rawValue)", owner: scope)
            let minutes = json ?? Settings.defaultJSON(setting)
            try desk.append([changed] + (setting == .frequency ? Frequencies(desk).drafts(Int64(minutes) ?? 0) : []))
        }
        let after = try desk.read { try Settings(of: scope, $0) }[setting]
        return Changed(
            before: .init(setting, before), after: .init(setting, after), isChanged: isChanged,
            isHomeWide: isHomeWide, followed: isChanged ? try follow(setting, viewer, desk, home) : Followed())
    }

    private static func json(_ text: String, _ setting: Setting) throws -> String {
        do {
            return try setting.json(text)
        } catch {
            throw Refusal(.badRequest, error.message, hint: error.hint)
        }
    }

    private func follow(_ setting: Setting, _ viewer: Viewer, _ desk: Desk, _ home: OpenHome) throws -> Followed {
        guard setting.changesDecisions else { return Followed() }
        let users = isHomeWide ? try home.users().map(\.user) : [viewer.user]
        return try users.reduce(Followed()) { try $0 + desk.follow($1) }
    }
}
