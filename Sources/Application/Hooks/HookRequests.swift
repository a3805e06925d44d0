import Entries
import HTTP
import Matching
import Projections
import Providers
import SQLite
import Secrets
import Sync
import Vault

/// Has somebody else told of what happens: an address that takes messages, or a program of this machine.
public struct AddHookRequest: Request {
    public static let name = "add_hook"

    public struct Answer: Codable, Sendable {
        public let hook: HooksRequest.Shown
        /// With which whoever is told knows that a message is ours. It is shown this once; a program needs none.
        public let secret: ShownOnce?
    }

    public var user: String?
    public var hookName: String
    public var address: Confided?
    /// The program and its arguments. Only whoever owns the files may name one.
    public var command: [String]?
    public var types: [String] = []
    /// Of what belongs to everybody; this takes an administrator.
    public var isOfAll = false
    public var withPersonal = false
    /// It is told of entries behind this position; nil is of what happens from now on.
    public var after: Int64?

    public init(user: String?, hookName: String) {
        self.user = user
        self.hookName = hookName
    }

    /// What most want to hear of.
    static let usualTypes = [
        "activity.logged", "activity.amended", "activity.retracted", "activity.restored", "alert.raised",
        "alert.cleared", "credential.refused", "fetch.suspected",
    ]
    static let usualTypesOfCommand = ["alert.raised", "alert.cleared"]
    private static let mostOfOneUser = 20

    public func answer(in home: OpenHome) throws -> Answer {
        let viewer = try home.viewer(user)
        if isOfAll || command != nil { try viewer.requireAdmin("have others told of what belongs to everybody") }
        try home.requireConfirmedHead()
        let types = try wanted()
        let place = try place()
        try requireAllowed(in: home)
        let present = try home.views().read { try HookRow.all($0) }.filter {
            $0.owner == viewer.user && $0.ended == nil
        }
        guard !hookName.isEmpty, hookName.count <= 100 else {
            throw Refusal(.badRequest, "a hook needs a name of at most 100 characters", field: "name")
        }
        guard !present.contains(where: { $0.name.map(Folding.fold) == Folding.fold(hookName) }) else {
            throw Refusal(.conflict, "there is a hook “\(hookName)” already", hint: "Call this one otherwise.")
        }
        guard present.count < Self.mostOfOneUser else {
            throw Refusal(.conflict, "there are \(present.count) hooks already", hint: "Remove those that nobody uses.")
        }
        let id = home.options.randomness.identifier()
        let secret = address == nil ? nil : HookSecret.make(home.options.randomness)
        let vault = try home.vault()
        let (kept, owner) = (HookSecret.place(id), viewer.user)
        // A kill before the entry leaves secrets that nothing will ever use.
        if let address, let secret {
            try vault.put(address.secret, owner: owner, connection: kept, name: "address")
            try vault.put(secret, owner: owner, connection: kept, name: "secret")
        }
        if let command {
            try vault.put(Secret(JSONList.json(command)), owner: owner, connection: kept, name: "command")
        }
        var added = HookAdded()
        (added.hook, added.way, added.types) = (id, command == nil ? .address : .command, types)
        (added.isOfAll, added.withPersonal) = (isOfAll, withPersonal)
        added.after = try after ?? home.head.size
        (added.name, added.place) = (hookName, place)
        try home.desk().append(added, stream: "hook/\(id)", owner: owner)
        guard let row = try home.views().read({ try HookRow.all($0).first { $0.hook == id } }) else {
            throw Refusal(.failed, "the hook was made, and is not in the views")
        }
        return Answer(hook: HooksRequest.Shown(row), secret: secret.map { ShownOnce($0) })
    }

    private func wanted() throws -> [String] {
        if types.isEmpty { return command == nil ? Self.usualTypes : Self.usualTypesOfCommand }
        for type in types {
            guard Vocabulary.type(type) != nil, !type.hasPrefix("hook.") else {
                throw Refusal(
                    .badRequest, "“\(type)” is no type of entry that can be told", hint: "daybook entries lists them.",
                    field: "types")
            }
        }
        return Array(Set(types)).sorted()
    }

    /// What an address shows already is said now, and not when something is to be told.
    private func requireAllowed(in home: OpenHome) throws {
        guard let target = address?.secret.reveal({ try? Address($0) }) else { return }
        let allowed = try home.networkRules().allowed
        try Refusal.explaining(in: home) {
            do {
                try Client.check(target, allowed: allowed)
            } catch let error as HTTPError {
                throw ReadingFailure(error)
            }
        }
    }

    /// The host, or the program: what can be shown.
    private func place() throws -> String {
        switch (address, command) {
        case (let address?, nil):
            guard let target = address.secret.reveal({ try? Address($0) }),
                ["https", "http"].contains(target.origin.scheme)
            else {
                throw Refusal(
                    .badRequest, "this is no address that can be told anything",
                    hint: "As in: https://crm.example/in", field: "address")
            }
            return target.origin.host
        case (nil, let command?):
            guard let program = command.first, program.hasPrefix("/") else {
                throw Refusal(
                    .badRequest, "a program is named by its whole path", hint: "As in: /usr/local/bin/tell-me",
                    field: "command")
            }
            return program
        default:
            throw Refusal(
                .badRequest, "either an address or a program is told",
                hint: "daybook hooks add NAME --address URL, or --program PATH", field: "address")
        }
    }
}

/// Who is told of what happens, and what was not taken.
public struct HooksRequest: ReadingRequest {
    public static let name = "hooks"

    public struct Answer: Codable, Sendable {
        public let zone: String?
        public let at: Int64
        public let hooks: [Shown]
    }

    public struct Shown: Codable, Sendable, Equatable {
        public let hook: String
        public let name: String?
        public let user: String
        /// address or command.
        public let way: String
        /// The host, or the program; the rest of an address may be a secret.
        public let place: String?
        public let types: [String]
        public let isOfAll: Bool
        public let withPersonal: Bool
        public let through: Int64
        public let messages: Int64
        public let lastSuccess: Int64?
        public let attempts: Int64
        public let retry: Int64?
        public let errorCode: String?
        /// The error in words, and what helps against it.
        public let message: String?
        public let advice: String?
        /// How many it was not told yet, as far as they were counted.
        public let waiting: Int64
        public let dead: Int64
        /// Why nobody is told any more.
        public let ended: String?

        /// More are not counted.
        public static let mostCounted: Int64 = 1_000

        init(_ row: HookRow, waiting: Int64 = 0) {
            (hook, name, user, way, place) = (row.hook, row.name, row.owner, row.way.rawValue, row.place)
            (types, isOfAll, withPersonal) = (row.types, row.isOfAll, row.withPersonal)
            (through, messages, lastSuccess) = (row.through, row.messages, row.lastSuccess)
            (attempts, retry, errorCode) = (row.attempts, row.retry, row.errorCode)
            (dead, ended) = (row.dead, row.ended?.rawValue)
            let trouble = row.errorCode.map { HookTrouble($0, of: row) }
            (message, advice, self.waiting) = (trouble?.text, trouble?.remedy, waiting)
        }
    }

    public var user: String?

    public init(user: String?) { self.user = user }

    public func answer(in home: OpenHome) throws -> Answer {
        let viewer = try home.viewer(user)
        return try home.views().read { views in
            let rows = try HookRow.all(views).filter { $0.owner == viewer.user && $0.ended != .removed }
            return Answer(
                zone: viewer.zone, at: home.options.now(),
                hooks: try rows.map { row in
                    let waiting = row.ended == nil ? try row.next(views, limit: Shown.mostCounted).count : 0
                    return Shown(row, waiting: Int64(waiting))
                })
        }
    }
}

/// What somebody who is told did not take, and was given up.
public struct DeadMessagesRequest: ReadingRequest {
    public static let name = "dead_messages"

    public struct Answer: Codable, Sendable {
        public let zone: String?
        public let messages: [Message]
    }

    public struct Message: Codable, Sendable {
        public let entry: Int64
        public let at: Int64
        public let attempts: Int64
        public let errorCode: String
    }

    public var user: String?
    public var hook: String

    public init(user: String?, hook: String) { (self.user, self.hook) = (user, hook) }

    public func answer(in home: OpenHome) throws -> Answer {
        let viewer = try home.viewer(user)
        let row = try home.hook(hook, of: viewer)
        let messages = try home.views().read { views in
            try views.prepare(
                "SELECT entry, at, attempts, error_code FROM hook_dead WHERE hook = ? ORDER BY entry LIMIT 1000"
            ).map(.text(row.hook)) {
                Message(entry: $0.integer(0), at: $0.integer(1), attempts: $0.integer(2), errorCode: $0.text(3))
            }
        }
        return Answer(zone: viewer.zone, messages: messages)
    }
}

/// Tells everything behind a position once more, under the same ids as before.
public struct ReplayHookRequest: Request {
    public static let name = "replay_hook"

    public typealias Answer = HooksRequest.Shown

    public var user: String?
    public var hook: String
    public var after: Int64

    public init(user: String?, hook: String, after: Int64) {
        (self.user, self.hook, self.after) = (user, hook, after)
    }

    public func answer(in home: OpenHome) throws -> Answer {
        let viewer = try home.viewer(user)
        let row = try home.hook(hook, of: viewer)
        guard row.ended == nil else {
            throw Refusal(.conflict, "nobody is told by it any more", hint: "Add a new one.")
        }
        guard (0...(try home.head.size)).contains(after) else {
            throw Refusal(.badRequest, "the ledger has no entry \(after)", field: "after")
        }
        var replayed = HookReplayed()
        (replayed.hook, replayed.after) = (row.hook, after)
        try home.desk().append(replayed, stream: "hook/\(row.hook)", owner: row.owner)
        return HooksRequest.Shown(try home.hook(row.hook, of: viewer))
    }
}

/// Ends that somebody is told.
public struct RemoveHookRequest: Request {
    public static let name = "remove_hook"

    public struct Answer: Codable, Sendable {
        public let hook: String
        public let name: String?
    }

    public var user: String?
    public var hook: String

    public init(user: String?, hook: String) { (self.user, self.hook) = (user, hook) }

    public func answer(in home: OpenHome) throws -> Answer {
        let viewer = try home.viewer(user)
        let row = try home.hook(hook, of: viewer)
        try home.end(row)
        return Answer(hook: row.hook, name: row.name)
    }
}

extension OpenHome {
    /// Nobody is told any more in the name of a user who is removed.
    func endHooks(of user: String) throws {
        for row in try views().read({ try HookRow.all($0) }) where row.owner == user && row.ended != .removed {
            try end(row)
        }
    }

    fileprivate func end(_ row: HookRow) throws {
        var removed = HookRemoved()
        removed.hook = row.hook
        try desk().append(removed, stream: "hook/\(row.hook)", owner: row.owner)
        try vault().destroy(owner: row.owner, connection: HookSecret.place(row.hook))
    }

    /// A hook of a user, by its name, its id, or the beginning of that.
    func hook(_ named: String, of viewer: Viewer) throws -> HookRow {
        let mine = try views().read { try HookRow.all($0) }.filter { $0.owner == viewer.user && $0.ended != .removed }
        if let row = mine.first(where: { $0.hook == named }) { return row }
        let folded = Folding.fold(named)
        let found = mine.filter {
            $0.name.map(Folding.fold) == folded || (named.count >= 4 && $0.hook.hasPrefix(named))
        }
        guard found.count == 1 else {
            throw Refusal(.notFound, "there is no hook “\(named)”", hint: "daybook hooks lists them.")
        }
        return found[0]
    }
}

/// Tells whoever is to be told, as a job of the service.
enum Telling {
    static func run(_ home: OpenHome, _ order: JobOrder) throws -> JobReport {
        report(try HookCourier(home: home).run(isByHand: order.trigger == .manual))
    }

    static func report(_ summary: HookCourier.Summary) -> JobReport {
        var report = JobReport()
        (report.processed, report.created) = (summary.told + summary.failed, summary.told)
        report.deleted = summary.given + summary.ended
        return report
    }
}
