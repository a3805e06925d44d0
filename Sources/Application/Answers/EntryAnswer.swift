import Entries
import Ledger
import Projections
import SQLite
import Secrets

/// An entry as it is told to whoever asks: the two halves as the JSON text that is stored.
public struct EntryAnswer: Codable, Sendable, Equatable {
    public let position: Int64
    public let stream: String
    public let version: Int64
    public let type: String
    public let owner: String
    /// What the owner is called, where a user has a name.
    public let ownerName: String?
    public let at: Int64
    public let cause: Int64?
    public let actor: String
    /// Hexadecimal.
    public let key: String?
    public let data: String
    public private(set) var personal: String?
    public let isErased: Bool
    public let hash: String

    init(_ stored: borrowing StoredEntry, names: [String: String]) {
        let entry = stored.copy()
        position = entry.position
        stream = entry.stream
        version = entry.version
        type = entry.type
        owner = entry.owner
        ownerName = names[entry.owner]
        at = entry.at
        cause = entry.cause
        actor = entry.actor
        key = entry.key?.hexadecimal
        data = String(decoding: entry.content.data, as: UTF8.self)
        personal = entry.content.personal.map { String(decoding: $0, as: UTF8.self) }
        isErased = entry.isErased
        hash = stored.hash?.hexadecimal ?? ""
    }
}

extension EntryAnswer {
    /// As somebody else's administrator may see it: what is personal is told to its owner alone, and of the home to all
    /// who may see its entries.
    func discreet(to user: String) -> EntryAnswer {
        guard owner != user, owner != Draft.home else { return self }
        var answer = self
        answer.personal = nil
        return answer
    }
}

extension OpenHome {
    func entryAnswer(_ position: Int64, names: [String: String]) throws -> EntryAnswer? {
        var answer: EntryAnswer?
        try reader.scan(Query(from: position, to: position)) { stored in
            answer = EntryAnswer(stored, names: names)
            return false
        }
        return answer
    }

    /// The names of the users, by their ids. Entries can be read without: where the views cannot be posted, be it for want
    /// of space, the ids stand for themselves, and that is said.
    func userNames() throws -> [String: String] {
        do {
            let rows = try views().read { views in
                try views.prepare("SELECT account, name FROM account WHERE name IS NOT NULL").map {
                    ($0.text(0), $0.text(1))
                }
            }
            return Dictionary(uniqueKeysWithValues: rows)
        } catch let refusal as Refusal where [.diskFull, .failed].contains(refusal.kind) {
            warn("\(refusal.message); the names of users are left out")
            return [:]
        }
    }

    /// The user who is meant by an id or a name; `home` is what belongs to nobody.
    func owner(named text: String) throws -> String {
        if text == Draft.home { return text }
        let found = try views().read { views in
            try views.prepare(
                "SELECT account FROM account WHERE account = ? OR name = ? ORDER BY account = ? DESC, account"
            )
            .map(.text(text), .text(text), .text(text)) { $0.text(0) }
        }
        guard let user = found.first else {
            throw Refusal(.notFound, "there is no user “\(text)”", hint: "“daybook log --type user.added” lists them.")
        }
        if found.count > 1, user != text {
            throw Refusal(.badRequest, "\(found.count) users are called “\(text)”", hint: "Name the id of one.")
        }
        return user
    }

    /// The user for whom the command line acts when none is named: there is one, or one must be named.
    func onlyUser() throws -> String {
        let users = try views().read { views in
            try views.prepare("SELECT account FROM account WHERE is_removed = 0 LIMIT 2").map { $0.text(0) }
        }
        guard let user = users.first else {
            throw Refusal(.badRequest, "this home has no user", hint: "Say whose it is, with “owner”.")
        }
        guard users.count == 1 else {
            throw Refusal(.badRequest, "this home has several users", hint: "Say whose it is, with “owner”.")
        }
        return user
    }
}
