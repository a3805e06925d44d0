import Entries
import Ledger
import Matching
import Projections
import SQLite
import Sync

/// Whose an address is, by which rule, and what each rule said.
struct AddressExplanation {
    private let home: OpenHome
    private let viewer: Viewer

    init(_ home: OpenHome, _ viewer: Viewer) {
        self.home = home
        self.viewer = viewer
    }

    func explain(_ id: String) throws -> ExplainRequest.Explained {
        try home.views().read { views in
            guard let known = try KnownAddress.one(id, views) else {
                throw Refusal(.notFound, "there is no address “\(id)”")
            }
            let shown =
                known.candidate.address ?? known.candidate.name
                ?? (known.exclusion == ExclusionReason.erased.rawValue ? "(forgotten)" : "(erased)")
            let explanation = try explanation(of: known.candidate, views)
            let names = Candidates(views, MeetingReader.Names(views))
            var explained = ExplainRequest.Explained(
                about: .address, title: shown, userZone: viewer.zone,
                verdict: try stands(known, names) ?? verdict(explanation.verdict, names),
                rule: known.rule ?? known.reason)
            explained.steps = Self.steps(explanation)
            explained.advice = advice(known, shown, explanation.verdict)
            explained.addresses = try names.of(id).map { .init(shown: $0, sentence: "may be meant") }
            explained.chain = try chain(id, views)
            return explained
        }
    }

    /// An address that never came up, as it would be decided.
    func explain(unseen text: String) throws -> ExplainRequest.Explained {
        try home.views().read { views in
            let explanation = try explanation(of: Candidate(address: text), views)
            let names = Candidates(views, MeetingReader.Names(views))
            var explained = ExplainRequest.Explained(
                about: .address, title: text, userZone: viewer.zone,
                verdict: "It never came up. " + (try verdict(explanation.verdict, names)), rule: nil)
            explained.steps = Self.steps(explanation)
            return explained
        }
    }

    private func explanation(of candidate: Candidate, _ views: Connection) throws -> Explanation {
        let rules = try Settings(of: viewer.user, views)
            .matchingRules(own: OwnAddresses(of: viewer.user, views).emails)
        return PeopleIndex(people: try KnownPeople.all(of: viewer.user, views)).explain(candidate, rules: rules)
    }

    private static func steps(_ explanation: Explanation) -> [ExplainRequest.Step] {
        explanation.steps.map { ExplainRequest.Step(rule: $0.rule.rawValue, sentence: $0.sentence) }
    }

    /// What was decided by hand stands, whatever the rules say.
    private func stands(_ known: KnownAddress, _ names: Candidates) throws -> String? {
        if known.candidate.isSelf { return "It is your own address, and never matched." }
        if known.exclusion == ExclusionReason.erased.rawValue {
            return "It belongs to somebody who was forgotten on request, and is never matched or written down again."
        }
        if known.exclusion != nil { return "It was excluded by hand, and is never matched." }
        guard known.isByHand else { return nil }
        guard let person = known.person else { return "It was said by hand that it is nobody who is known." }
        return "It is \(try names.named(person)), said by hand; no rule changes that."
    }

    private func verdict(_ verdict: Verdict, _ names: Candidates) throws -> String {
        switch verdict {
        case .matched(let match):
            var sentence =
                "It is \(try names.named(match.person)), by \(match.rule.rawValue) (\(RuleWords.match(match.rule.rawValue) ?? "")), "
                + "\(match.confidence) of 100."
            if !match.rivals.isEmpty {
                let rivals = try match.rivals.map { try names.named($0) }.joined(separator: ", ")
                sentence += " It also belongs to \(rivals)."
            }
            return sentence
        case .suggested(let match):
            return "It may be \(try names.named(match.person)), by \(match.rule.rawValue), \(match.confidence) of 100; "
                + "that is to be confirmed."
        case .excluded(let exclusion): return "It is not looked for: \(exclusion.sentence)"
        case .nobody(let reason): return reason.sentence
        }
    }

    private func advice(_ known: KnownAddress, _ shown: String, _ verdict: Verdict) -> [String] {
        if known.isByHand || known.exclusion == ExclusionReason.erased.rawValue { return [] }
        return switch verdict {
        case .suggested: ["Accept or reject it: daybook suggestions"]
        case .matched(let match) where !match.rivals.isEmpty: ["If they are one: daybook people merge"]
        case .nobody(.ambiguous): ["Say who it is: daybook match \(ShellWord.text(shown)) PERSON"]
        case .nobody where !known.isByHand && !known.candidate.isSelf:
            [
                "Add who it is: daybook people add --from \(ShellWord.text(shown))",
                "If it is you: daybook own-address add \(ShellWord.text(shown))",
            ]
        default: []
        }
    }

    private func chain(_ address: String, _ views: Connection) throws -> [ExplainRequest.Link] {
        let found = try views.prepare("SELECT first_position, answered FROM address WHERE address = ?")
            .first(.text(address)) { ($0.integer(0), $0.integerIfPresent(1)) }
        guard let found else { return [] }
        let positions = [(found.0, "it came up")] + (found.1.map { [($0, "the last answer")] } ?? [])
        return try positions.compactMap { position, words in
            try home.reader.entry(position).map {
                ExplainRequest.Link(position: position, type: $0.type, at: $0.at, words: words)
            }
        }
    }
}

/// What is known about a person, and by which addresses the person is found.
struct PersonExplanation {
    private let home: OpenHome
    private let viewer: Viewer

    init(_ home: OpenHome, _ viewer: Viewer) {
        self.home = home
        self.viewer = viewer
    }

    func explain(_ id: String) throws -> ExplainRequest.Explained {
        try home.views().read { views in
            let names = Candidates(views, MeetingReader.Names(views))
            let addresses = try addresses(id, names, views)
            let activities =
                try views.prepare("SELECT COUNT(*) FROM activity WHERE person = ? AND retracted IS NULL")
                .first(.text(id)) { $0.integer(0) } ?? 0
            let matched = addresses.filter(\.isMatched).count
            let verdict =
                matched == 0
                ? "Found in no calendar: none of the addresses or names that came up is matched with this person."
                : "Found by \(matched == 1 ? "one address" : "\(matched) addresses"), and logged "
                    + "\(activities == 1 ? "once" : "\(activities) times")."
            var explained = ExplainRequest.Explained(
                about: .person, title: try names.named(id), userZone: viewer.zone, verdict: verdict, rule: nil)
            explained.addresses = addresses.map(\.answer)
            if addresses.contains(where: \.isSuggested) { explained.advice = ["Accept or reject: daybook suggestions"] }
            if addresses.contains(where: \.hasRivals) {
                explained.advice.append("If they are one: daybook people merge")
            }
            let first =
                try views.prepare("SELECT first_position, position FROM person WHERE person = ?")
                .first(.text(id)) { [$0.integer(0), $0.integer(1)] } ?? []
            explained.chain = try Set(first).sorted().compactMap { position in
                try home.reader.entry(position).map {
                    ExplainRequest.Link(
                        position: position, type: $0.type, at: $0.at,
                        words: position == first[0] ? "became known" : "the last change")
                }
            }
            return explained
        }
    }

    private struct Found {
        let answer: ExplainRequest.Address
        let isMatched, isSuggested, hasRivals: Bool
    }

    private func addresses(_ person: String, _ names: Candidates, _ views: Connection) throws -> [Found] {
        let rows = try views.prepare(
            """
            SELECT address.address, COALESCE(address.email, address.name, '(erased)'), address.answer, address.person,
                address.rule, address.confidence,
                EXISTS (SELECT 1 FROM person_address
                    WHERE person_address.person = ?1 AND person_address.address = address.address),
                address_suggestion.rule, address_suggestion.confidence,
                EXISTS (SELECT 1 FROM address_rejection
                    WHERE address_rejection.address = address.address AND address_rejection.person = ?1)
            FROM address LEFT JOIN address_suggestion
                ON address_suggestion.address = address.address AND address_suggestion.person = ?1
            WHERE address.owner = ?2 AND address.address IN (
                SELECT person_address.address FROM person_address WHERE person_address.person = ?1
                UNION SELECT matched.address FROM address AS matched WHERE matched.person = ?1
                UNION SELECT suggested.address FROM address_suggestion AS suggested WHERE suggested.person = ?1
                UNION SELECT rejected.address FROM address_rejection AS rejected WHERE rejected.person = ?1)
            ORDER BY address.answer = 'matched' DESC, address.email
            """
        ).map(.text(person), .text(viewer.user)) { row in
            (
                address: row.text(0), shown: row.text(1), isMatched: row.textIfPresent(2) == "matched",
                person: row.textIfPresent(3), rule: row.textIfPresent(4), confidence: row.integer(5),
                isOwned: row.integer(6) == 1, suggestion: row.textIfPresent(7), score: row.integer(8),
                isRejected: row.integer(9) == 1
            )
        }
        return try rows.map { row in
            var parts: [String] = []
            if row.isOwned { parts.append("in the address book") }
            let isTheirs = row.isMatched && row.person == person
            if isTheirs {
                parts.append(
                    "matched by \(row.rule ?? "") (\(RuleWords.match(row.rule) ?? "")), \(row.confidence) of 100")
            } else if row.isMatched, let other = row.person {
                parts.append("matched with \(try names.named(other))")
            }
            if let suggestion = row.suggestion { parts.append("suggested by \(suggestion), \(row.score) of 100") }
            if row.isRejected { parts.append("rejected by hand") }
            let rivals = try rivals(row.address, person, views)
            if !rivals.isEmpty {
                parts.append("also an address of \(try rivals.map { try names.named($0) }.joined(separator: ", "))")
            }
            if parts.isEmpty { parts.append("not matched") }
            return Found(
                answer: .init(shown: row.shown, sentence: parts.joined(separator: "; ")), isMatched: isTheirs,
                isSuggested: row.suggestion != nil, hasRivals: !rivals.isEmpty)
        }
    }

    private func rivals(_ address: String, _ person: String, _ views: Connection) throws -> [String] {
        try views.prepare("SELECT person FROM person_address WHERE address = ? AND person <> ? ORDER BY person")
            .map(.text(address), .text(person)) { $0.text(0) }
    }
}
