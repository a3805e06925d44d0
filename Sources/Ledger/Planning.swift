import Entries
import SQLite
import Secrets

/// What a request would become, found out before anything of it is written.
extension LedgerWriter {
    struct Planned {
        enum Repeat {
            /// An entry that was there before the request.
            case stored(Receipt)
            /// An earlier draft of the same request.
            case inRequest(Int)
        }

        let draft: Draft
        let version: Int64
        let repeats: Repeat?
    }

    func plan(_ request: [Draft]) throws -> [Planned] {
        var plan: [Planned] = []
        plan.reserveCapacity(request.count)
        var versions: [ExactText: Int64] = [:]
        if request.count > 1 { versions.reserveCapacity(request.count) }
        var keys: [[UInt8]: Int] = [:]
        var size = frontier.size
        for draft in request {
            let planned = try self.plan(draft, after: size, versions: versions, keys: keys, earlier: plan)
            if planned.repeats == nil {
                size += 1
                if request.count > 1 { versions[ExactText(draft.stream)] = planned.version }
                if let key = draft.key { keys[key] = plan.count }
            }
            plan.append(planned)
        }
        return plan
    }

    private func plan(
        _ draft: Draft, after size: Int64, versions: [ExactText: Int64], keys: [[UInt8]: Int], earlier: [Planned]
    ) throws -> Planned {
        guard Vocabulary.type(draft.type) != nil else { throw AppendError.unknownType(draft.type) }
        if let cause = draft.cause, cause < 1 || cause > size {
            throw AppendError.causeIsMissing(cause: cause, last: size)
        }
        if let key = draft.key {
            if let index = keys[key] {
                guard Self.isSame(earlier[index].draft, draft) else {
                    throw AppendError.keyIsTaken(position: frontier.size + 1)
                }
                return Planned(draft: draft, version: earlier[index].version, repeats: .inRequest(index))
            }
            if let stored = try entry(withKey: key) {
                guard let receipt = try receipt(of: stored, ifSameAs: draft) else {
                    throw AppendError.keyIsTaken(position: stored)
                }
                return Planned(draft: draft, version: receipt.version, repeats: .stored(receipt))
            }
        }
        let version = try versions[ExactText(draft.stream)] ?? self.version(of: draft.stream)
        if let expected = draft.expectedVersion, expected != version + 1 {
            if versions[ExactText(draft.stream)] == nil, let stored = try entry(in: draft.stream, version: expected),
                let receipt = try receipt(of: stored, ifSameAs: draft)
            {
                return Planned(draft: draft, version: expected, repeats: .stored(receipt))
            }
            throw AppendError.unexpectedVersion(stream: draft.stream, expected: expected, found: version)
        }
        return Planned(draft: draft, version: version + 1, repeats: nil)
    }

    func version(of stream: String) throws -> Int64 {
        if let state = streams[stream] { return state.version }
        let find = try heldStatements().findStream
        find.bind(stream, at: 1)
        let state = try find.first {
            StreamCache.State(number: $0.integer(0), version: $0.integer(1))
        }
        streams[stream] = state ?? StreamCache.State(number: nil, version: 0)
        return state?.version ?? 0
    }

    private func entry(withKey key: [UInt8]) throws -> Int64? {
        try connection.prepare("SELECT position FROM entry WHERE key = ?").first(.blob(key)) { $0.integer(0) }
    }

    private func entry(in stream: String, version: Int64) throws -> Int64? {
        try connection.prepare(
            "SELECT position FROM entry WHERE stream = (SELECT id FROM stream WHERE name = ?) AND version = ?"
        ).first(.text(stream), .integer(version)) { $0.integer(0) }
    }

    /// The first answer, if a stored entry says what the draft says. When, by whom and because of what it was recorded
    /// may differ: a second try has its own. Where `personal` is erased, the rest must do.
    private func receipt(of position: Int64, ifSameAs draft: Draft) throws -> Receipt? {
        var receipt: Receipt?
        try reader.scan(Query(from: position, to: position)) { stored in
            let entry = stored.copy()
            let isSame =
                entry.stream.isExactly(draft.stream) && entry.type == draft.type && entry.owner.isExactly(draft.owner)
                && entry.key == draft.key && entry.content.data == draft.content.data
                && (stored.isErased || entry.content.personal == draft.content.personal)
            if isSame, let hash = stored.hash {
                receipt = Receipt(position: position, version: entry.version, hash: hash, isRepeated: true)
            }
            return false
        }
        return receipt
    }

    private static func isSame(_ first: Draft, _ second: Draft) -> Bool {
        first.stream.isExactly(second.stream) && first.type == second.type && first.owner.isExactly(second.owner)
            && first.content == second.content
    }
}

/// The number and the last version of the streams met lately: a sync meets the same ones in runs.
struct StreamCache {
    struct State {
        /// Nil while the stream does not exist.
        let number: Int64?
        let version: Int64
    }

    /// Enough for a batch; beyond it the file is asked again.
    private static let most = 8_192
    private var states: [ExactText: State] = [:]

    subscript(name: String) -> State? {
        get { states[ExactText(name)] }
        set {
            if states.count >= Self.most { states.removeAll(keepingCapacity: true) }
            states[ExactText(name)] = newValue
        }
    }

    mutating func forget() { states = [:] }
}
