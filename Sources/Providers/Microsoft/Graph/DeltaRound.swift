import Entries
import HTTP

/// All pages of one round, up to the link with which the next one begins. Of what is told twice the last holds.
struct DeltaRound<Item> {
    enum State {
        case present(Item)
        /// It is no more, or is no more where one looks.
        case removed
    }

    /// In the order in which they were first told.
    private(set) var identifiers: [String] = []
    private(set) var states: [String: State] = [:]
    /// Empty where Graph gave none that can be kept; then the next round begins anew.
    fileprivate(set) var link = ""
    fileprivate(set) var pages: Int64 = 0
    /// Everything that was told has a name, so that nothing is taken for gone that merely could not be read.
    private(set) var isComplete = true
    /// Ids that are too long to be kept, and hide what they stand for.
    private(set) var overlong: Set<String> = []

    /// How many different things were told of.
    fileprivate var count: Int { states.count + overlong.count }

    var isEmpty: Bool { identifiers.isEmpty && isComplete }

    var present: [Item] {
        identifiers.compactMap { identifier in
            if case .present(let item) = states[identifier] { item } else { nil }
        }
    }

    var removed: [String] {
        identifiers.filter { identifier in
            if case .removed = states[identifier] { true } else { false }
        }
    }

    fileprivate mutating func add(_ value: JSONValue, _ read: (_ identifier: String, JSONObject) -> Item) {
        guard let value = value.object, let identifier = value.text("id") else {
            isComplete = false
            return
        }
        guard Longest.isIdentifier(identifier), Longest.isIdentifier(value.text("seriesMasterId") ?? "") else {
            isComplete = false
            overlong.insert(identifier)
            return
        }
        let state: State = !value.has("@removed") ? .present(read(identifier, value)) : .removed
        if states.updateValue(state, forKey: identifier) == nil { identifiers.append(identifier) }
    }
}

extension Graph {
    /// Nil where Graph forgot the place that the link stands for.
    func round<Item>(
        from start: Address, doing: String, report: (_ done: Int64, _ all: Int64?) throws -> Void,
        read: (_ identifier: String, JSONObject) -> Item
    ) throws -> DeltaRound<Item>? {
        var round = DeltaRound<Item>()
        var next = start
        var followed: Set<String> = []
        var progress = PageProgress()
        while true {
            guard followed.insert(next.text).inserted else {
                throw ReadingFailure(
                    .transient, "loop", "\(base.origin.host) goes round in a circle while \(doing). It may pass.")
            }
            guard followed.count <= DeltaLimits.pages, round.count <= DeltaLimits.items else {
                throw ReadingFailure(
                    .permanent, "too_many",
                    "There is more than can be read at once while \(doing). Choose a shorter time to be looked at.")
            }
            guard let page = try pageUnlessLost(next, doing: doing) else { return nil }
            for value in page.values { round.add(value, read) }
            round.pages += 1
            guard progress.goesOn(with: round.count) else { throw GraphRefusal.malformed(next, doing: doing).failure }
            try report(Int64(round.identifiers.count), nil)
            if let link = page.next {
                next = try follow(link, doing: doing)
            } else if let link = page.delta {
                round.link = Longest.mark(try follow(link, doing: doing).text) ?? ""
                return round
            } else {
                throw GraphRefusal.malformed(next, doing: doing).failure
            }
        }
    }

    private func pageUnlessLost(_ address: Address, doing: String) throws -> GraphPage? {
        do throws(GraphRefusal) {
            return try GraphPage(get(address, doing: doing), address, doing: doing)
        } catch {
            if error.kind == .stateLost { return nil }
            throw error.failure
        }
    }
}

private enum DeltaLimits {
    /// A mailbox of a busy person has some dozen pages for a year.
    static let pages = 5_000
    static let items = 100_000
}
