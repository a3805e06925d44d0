public import Entries
import SQLite
import Secrets

/// The one exception to "nothing is ever changed": the personal half of an entry can be erased, on a lawful request.
extension LedgerWriter {
    /// Whom an erasure is about.
    public enum Subject: Sendable, Equatable {
        case nobody
        case person(String)
        case user(String)
    }

    /// Erases `personal` and its salt from the entries, and writes down that it was done, in one transaction. What has
    /// nothing personal, or was erased before, stays as it is. The leaves keep the commitments, so every proof holds.
    ///
    /// Afterwards no page of the file and no page of its log holds the bytes; the views follow the entry by posting
    /// themselves anew.
    ///
    /// - Parameters:
    ///   - about: whom it is about, where it is one person or one user.
    ///   - followers: what must be written with it or not at all, as that what was erased must not come back.
    public func erase(
        _ positions: [Int64], reason: ErasureReason, note: String?, about: Subject = .nobody, owner: String,
        actor: String, followers: [Draft] = []
    ) throws -> (receipt: Receipt, erased: [Int64]) {
        connection.authorize { Schema.allows($0, whileErasing: true) }
        defer { connection.authorize { Schema.allows($0, whileErasing: false) } }
        let found = try Set(positions).sorted().map { position in
            guard let commitment = try commitment(at: position) else { return (position, nil as Digest?) }
            return (position, commitment)
        }
        let erased = found.compactMap { $0.1 == nil ? nil : $0.0 }
        var fact = PersonalErased()
        fact.positions = erased
        fact.reason = reason
        fact.note = note
        switch about {
        case .nobody: break
        case .person(let person): fact.person = person
        case .user(let user): fact.user = user
        }
        let draft = Draft(fact, stream: "ledger", owner: owner, actor: actor)
        let receipt = try commit { at in
            for case (let position, let commitment?) in found { try blacken(position, commitment) }
            return try append(request: [draft] + followers, at: at).get()[0]
        }
        // It is done and recorded; while a reader stands in the log, its bytes go when the home is closed.
        if isOnDisk { try connection.emptyLog() }
        return (receipt, erased)
    }

    /// Nil where there is nothing to erase.
    private func commitment(at position: Int64) throws -> Digest? {
        var found: Digest?
        try reader.scan(Query(from: position, to: position)) { stored in
            if stored.hasPersonal { found = stored.commitment(leaf) }
            return false
        }
        return found
    }

    private func blacken(_ position: Int64, _ commitment: Digest) throws {
        let statement = try connection.prepare(
            "UPDATE entry SET personal = NULL, salt = NULL, commitment = ? WHERE position = ?")
        commitment.withBytes { statement.bind(blob: $0, at: 1) }
        statement.bind(position, at: 2)
        try statement.run()
    }
}
