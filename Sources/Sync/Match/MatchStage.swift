public import Entries
import Ledger
public import Matching
import SQLite
import Secrets

/// Decides whose addresses are: those that came up since, and those that a change of people or of rules touches.
///
/// It is decided once per address and not once per meeting. Who is decided by a person stays so.
public struct MatchStage {
    private let desk: Desk
    private let owner: String
    private let rules: MatchingRules

    public init(_ desk: Desk, owner: String, settings: Settings) throws {
        self.desk = desk
        self.owner = owner
        rules = try desk.read { try settings.matchingRules(own: OwnAddresses(of: owner, $0).emails) }
    }

    public struct Summary: Sendable, Equatable {
        public var looked: Int64 = 0
        public var matched: Int64 = 0
        public var suggested: Int64 = 0
        public var unmatched: Int64 = 0
        public var changes: [Change] = []

        public init() {}
    }

    /// One answer that differs from the one before.
    public struct Change: Sendable, Equatable {
        public let address: String
        public let email: String?
        public let name: String?
        public let before: String?
        public let personBefore: String?
        public let after: String
        public let person: String?
        public let rule: String?
    }

    /// Entries that land in one transaction.
    private static let batch = 1_000

    public func run(all: Bool = false, isDryRun: Bool = false) throws -> Summary {
        let through = try desk.reader.lastPosition()
        let news = try self.news()
        let addresses = try due(news, all: all)
        var summary = Summary()
        if addresses.isEmpty {
            if !isDryRun { try note(news, through) }
            return summary
        }
        var people = try look(news)
        var isOld = false
        var drafts: [Draft] = []
        for (number, address) in addresses.enumerated() {
            // In a pause somebody may have answered it.
            guard let known = isOld ? try fresh(address) : address else { continue }
            summary.looked += 1
            guard let answer = answer(known, people, news.survivors) else { continue }
            summary.count(answer, known)
            drafts.append(draft(answer, known))
            if drafts.count >= Self.batch, !isDryRun {
                try desk.append(drafts)
                drafts = []
                try desk.report("matching", Int64(number), Int64(addresses.count))
                if desk.pause() {
                    isOld = true
                    if try isChanged(since: people.through) { people = try look(news) }
                }
            }
        }
        if !isDryRun {
            try desk.append(drafts)
            try note(news, through)
        }
        return summary
    }

    // MARK: What is due

    /// Who is known, as of an entry.
    fileprivate struct KnownOnes {
        let index: PeopleIndex
        /// Those of the news who are not kept any more.
        let gone: Set<String>
        let through: Int64
    }

    private func look(_ news: News) throws -> KnownOnes {
        let through = try desk.reader.lastPosition()
        return try KnownOnes(
            index: desk.read { try PeopleIndex(people: KnownPeople.all(of: owner, $0)) }, gone: gone(news),
            through: through)
    }

    private func isChanged(since through: Int64) throws -> Bool { try !positions(after: through).isEmpty }

    private func fresh(_ address: KnownAddress) throws -> KnownAddress? {
        try desk.read { try KnownAddress.one(address.address, $0) }
    }

    /// What happened to people and rules since they were last taken into account.
    struct News {
        var people: Set<String> = []
        /// Into whom somebody was merged: what was logged for both must be looked at.
        var survivors: Set<String> = []
        var isOfRules = false
        var isEmpty: Bool { people.isEmpty && !isOfRules }
    }

    private func news() throws -> News {
        let through = try desk.read { views in
            try views.prepare("SELECT through FROM progress WHERE owner = ? AND job = 'match'")
                .first(.text(owner)) { $0.integer(0) } ?? 0
        }
        var news = News()
        for position in try positions(after: through) {
            guard let entry = try desk.reader.entry(position) else { continue }
            switch try entry.fact() {
            case let fact as PersonAdded: news.people.insert(fact.person)
            case let fact as PersonChanged: news.people.insert(fact.person)
            case let fact as PersonRemoved: news.people.insert(fact.person)
            case let fact as PersonErased: news.people.insert(fact.person)
            case let fact as PersonMerged:
                news.people.formUnion([fact.person, fact.survivor])
                news.survivors.insert(fact.survivor)
            case let fact as SettingChanged:
                if Setting(rawValue: fact.setting)?.isOfMatching == true { news.isOfRules = true }
            default: break
            }
        }
        return news
    }

    private func positions(after through: Int64) throws -> [Int64] {
        try desk.read { views in
            try Self.types.flatMap { type in
                try views.prepare(
                    "SELECT position FROM entry_index WHERE type = ? AND position > ? AND owner IN (?, 'home')"
                ).map(.text(type), .integer(through), .text(owner)) { $0.integer(0) }
            }
        }
    }

    private static let types = [
        PersonAdded.type, PersonChanged.type, PersonRemoved.type, PersonErased.type, PersonMerged.type,
        SettingChanged.type,
    ]

    /// More changed people than these touch so many addresses that looking for them costs more than deciding all.
    private static let mostPeople = 500

    private func due(_ news: News, all: Bool) throws -> [KnownAddress] {
        try desk.read { views in
            if all || news.isOfRules || news.people.count > Self.mostPeople {
                return try KnownAddress.all(of: owner, views)
            }
            let due = try KnownAddress.due(of: owner, views)
            var touched = try misjudged(views)
            if !news.people.isEmpty { touched.formUnion(try self.touched(news.people, views)) }
            touched.subtract(due.map(\.address))
            return try due + touched.sorted().compactMap { try KnownAddress.one($0, views) }
        }
    }

    /// The addresses that became the user's own, or are it no more, since they were answered.
    private func misjudged(_ views: Connection) throws -> Set<String> {
        let own = Set(rules.ownAddresses.map { desk.names.address(owner, email: $0) })
        let answered = try views.prepare(
            "SELECT address FROM address WHERE owner = ? AND reason = 'own_address' AND claimed_by IS NULL"
        ).map(.text(owner)) { $0.text(0) }
        return own.symmetricDifference(answered)
    }

    /// The addresses that people had something to do with before, and those that fit them as they are now.
    private func touched(_ people: Set<String>, _ views: Connection) throws -> Set<String> {
        var touched: Set<String> = []
        for person in people {
            for sql in [
                "SELECT address FROM address WHERE person = ?",
                "SELECT address FROM address_suggestion WHERE person = ?",
                "SELECT address FROM address_candidate WHERE person = ?",
                "SELECT address FROM person_address WHERE person = ?",
            ] {
                touched.formUnion(try views.prepare(sql).map(.text(person)) { $0.text(0) })
            }
        }
        let index = PeopleIndex(people: try KnownPeople.some(people, views))
        for known in try KnownAddress.all(of: owner, views) where !touched.contains(known.address) {
            switch index.verdict(for: known.candidate, rules: rules) {
            case .matched, .suggested, .nobody(.ambiguous): touched.insert(known.address)
            case .nobody, .excluded: break
            }
        }
        return touched
    }

    private func gone(_ news: News) throws -> Set<String> {
        try desk.read { views in
            let kept = Set(try KnownPeople.some(news.people, views).map(\.id))
            return news.people.subtracting(kept)
        }
    }

    // MARK: The answer

    fileprivate enum Answer {
        case matched(AddressMatched)
        case suggested(AddressSuggested)
        case unmatched(AddressUnmatched)
    }

    /// Nil where nothing is to be said: the answer stands, and nothing made it uncertain.
    private func answer(
        _ known: KnownAddress, _ people: KnownOnes, _ survivors: Set<String>
    ) -> Answer? {
        let answer = known.isByHand ? byHand(known, people.gone) : byRule(known, people)
        let isMerged = known.person.map(survivors.contains) == true
        return known.isDue || isMerged || !isSame(answer, known) ? answer : nil
    }

    private func byHand(_ known: KnownAddress, _ gone: Set<String>) -> Answer {
        if known.answer == "matched", let person = known.person, !gone.contains(person) {
            var matched = AddressMatched()
            matched.address = known.address
            matched.person = person
            // By any other rule it would count as found by that rule, and the next look at it would undo what was said.
            matched.rule = .manual
            matched.confidence = Int64(matched.rule.confidence)
            return .matched(matched)
        }
        return .unmatched(unmatched(known, known.answer == "matched" ? .personRemoved : .byHand, []))
    }

    private func byRule(_ known: KnownAddress, _ people: KnownOnes) -> Answer {
        if known.exclusion != nil { return .unmatched(unmatched(known, .excluded, [])) }
        switch people.index.verdict(for: known.candidate, rules: rules) {
        case .matched(let match):
            var matched = AddressMatched()
            matched.address = known.address
            matched.person = match.person
            matched.rule = Entries.MatchRule(rawValue: match.rule.rawValue) ?? .emailExact
            matched.confidence = Int64(match.confidence)
            if !match.rivals.isEmpty { matched.candidates = [match.person] + match.rivals }
            return .matched(matched)
        case .suggested(let match):
            var suggested = AddressSuggested()
            suggested.address = known.address
            suggested.person = match.person
            suggested.rule = Entries.MatchRule(rawValue: match.rule.rawValue) ?? .nameExact
            suggested.confidence = Int64(match.confidence)
            return .suggested(suggested)
        case .nobody(let reason): return .unmatched(nobody(known, reason, people.gone))
        case .excluded(let exclusion): return .unmatched(unmatched(known, Self.reason(exclusion), []))
        }
    }

    private func nobody(_ known: KnownAddress, _ reason: Reason, _ gone: Set<String>) -> AddressUnmatched {
        switch reason {
        case .ambiguous(_, let persons, _): return unmatched(known, .severalPeople, persons)
        case .addressOfAnother(let persons), .rejected(let persons): return unmatched(known, .nobodyKnown, persons)
        default:
            let wasGone = known.answer == "matched" && known.person.map(gone.contains) == true
            return unmatched(known, wasGone ? .personRemoved : .nobodyKnown, [])
        }
    }

    private func unmatched(_ known: KnownAddress, _ reason: UnmatchReason, _ candidates: [String]) -> AddressUnmatched {
        var unmatched = AddressUnmatched()
        unmatched.address = known.address
        unmatched.person = known.person
        unmatched.reason = reason
        unmatched.candidates = candidates
        return unmatched
    }

    private static func reason(_ exclusion: Exclusion) -> UnmatchReason {
        switch exclusion {
        case .isSelf, .ownAddress: .ownAddress
        case .resource, .group: .notIndividual
        case .blockedAddress, .blockedDomain, .ownDomain: .excluded
        }
    }

    private func isSame(_ answer: Answer, _ known: KnownAddress) -> Bool {
        switch answer {
        case .matched(let fact):
            known.answer == "matched" && known.person == fact.person && known.rule == fact.rule.rawValue
                && known.candidates == fact.candidates
        case .suggested(let fact):
            known.answer == "suggested" && known.person == fact.person && known.rule == fact.rule.rawValue
        case .unmatched(let fact):
            known.answer == "unmatched" && known.candidates == fact.candidates
                && (known.reason == fact.reason.rawValue || Self.isUnknown(known.reason) && fact.reason == .nobodyKnown)
        }
    }

    /// That somebody was once known is the older and the fuller word for the same.
    private static func isUnknown(_ reason: String?) -> Bool { reason == UnmatchReason.personRemoved.rawValue }

    private func draft(_ answer: Answer, _ known: KnownAddress) -> Draft {
        let stream = "address/\(known.address)"
        return switch answer {
        case .matched(let fact): desk.draft(fact, stream: stream, owner: owner, cause: known.seen)
        case .suggested(let fact): desk.draft(fact, stream: stream, owner: owner, cause: known.seen)
        case .unmatched(let fact): desk.draft(fact, stream: stream, owner: owner, cause: known.seen)
        }
    }

    /// What was taken into account need not be looked at again.
    private func note(_ news: News, _ through: Int64) throws {
        guard !news.isEmpty else { return }
        var finished = JobFinished()
        finished.job = .match
        finished.run = desk.randomness.identifier()
        finished.trigger = .scheduled
        finished.user = owner
        finished.outcome = .success
        finished.attempts = 1
        finished.started = desk.now()
        finished.through = through
        try desk.append(finished, stream: "job/match/\(owner)", owner: owner)
    }

}

extension MatchStage.Summary {
    fileprivate mutating func count(_ answer: MatchStage.Answer, _ known: KnownAddress) {
        let (after, person, rule): (String, String?, String?)
        switch answer {
        case .matched(let fact):
            matched += 1
            (after, person, rule) = ("matched", fact.person, fact.rule.rawValue)
        case .suggested(let fact):
            suggested += 1
            (after, person, rule) = ("suggested", fact.person, fact.rule.rawValue)
        case .unmatched(let fact):
            // One's own address, and what is left out on purpose, is no stranger.
            if ![.ownAddress, .notIndividual, .excluded].contains(fact.reason) { unmatched += 1 }
            (after, person, rule) = ("unmatched", nil, fact.reason.rawValue)
        }
        changes.append(
            MatchStage.Change(
                address: known.address, email: known.candidate.address, name: known.candidate.name,
                before: known.answer, personBefore: known.person, after: after, person: person, rule: rule))
    }
}

extension Entries.MatchRule {
    /// How sure a match by this rule is, 0 to 100.
    public var confidence: Int {
        Matching.MatchRule(rawValue: rawValue)?.confidence ?? 100
    }
}

extension Settings {
    /// The rules of matching, as the settings have them.
    public func matchingRules(own: Set<String>) throws -> MatchingRules {
        let blocked = names(.blocked)
        return MatchingRules(
            isAliasRuleOn: flag(.aliases), isNameLoggingOn: flag(.namesLog), isFuzzyRuleOn: flag(.fuzzy),
            leastConfidence: Int(number(.leastConfidence)), ownAddresses: own, ownDomains: Set(names(.ownDomains)),
            blockedAddresses: Set(blocked.filter { $0.contains("@") }),
            blockedDomains: Set(blocked.filter { !$0.contains("@") }))
    }
}
