import Entries
import Ledger
import Projections
import SQLite
import Sync

/// Why a meeting was logged with somebody, or with nobody.
struct MeetingExplanation {
    private let home: OpenHome
    private let viewer: Viewer

    init(_ home: OpenHome, _ viewer: Viewer) {
        self.home = home
        self.viewer = viewer
    }

    func explain(_ id: String) throws -> ExplainRequest.Explained {
        let now = home.options.now()
        return try home.views().read { views in
            guard let meeting = try CaseLoader(views).meeting(id), meeting.owner == viewer.user else {
                throw Refusal(.notFound, "there is no meeting “\(id)”")
            }
            let reader = try MeetingReader(views, viewer, now: now)
            let rules = try Settings(of: viewer.user, views).logRules
            let answer = try reader.answer(meeting)
            let (verdict, rule) = Self.verdict(meeting, rules, now, answer)
            var explained = ExplainRequest.Explained(
                about: .meeting, title: answer.displayTitle, userZone: viewer.zone, verdict: verdict, rule: rule)
            explained.meeting = answer
            explained.attendees = try meeting.attendees.map { try attendee($0, rules, reader.names, views) }
            explained.advice = advice(meeting, rules, rule.flatMap(SkipRule.init(rawValue:)))
            explained.chain = try chain(meeting, answer, views)
            return explained
        }
    }

    // MARK: The verdict

    private static func verdict(
        _ meeting: MeetingCase, _ rules: LogRules, _ now: Int64, _ answer: MeetingAnswer
    ) -> (String, String?) {
        let standing = meeting.activities.filter { !$0.isRetracted }.count
        if standing > 0 {
            return ("It is logged with \(standing == 1 ? "one person" : "\(standing) people").", nil)
        }
        switch rules.verdict(meeting, now: now) {
        case .notYet: return ("It is not over yet, so nothing is logged.", nil)
        case .keep: return ("No calendar that shows it is read any more, so what was logged stays as it is.", nil)
        case .skip(let rule): return sentence(rule)
        case .log: break
        }
        let wanted = Reconciliation(meeting, rules: rules, now: now)
        if let skip = wanted.skip { return sentence(skip) }
        if wanted.isLogging { return ("It will be logged by the next run.", nil) }
        return answer.rule.flatMap(SkipRule.init(rawValue:)).map(sentence) ?? ("Nobody is to be logged for it.", nil)
    }

    private static func sentence(_ rule: SkipRule) -> (String, String) {
        ("It is not logged: \(RuleWords.skip(rule)).", rule.rawValue)
    }

    // MARK: Who

    private func attendee(
        _ attending: MeetingCase.Attending, _ rules: LogRules, _ names: MeetingReader.Names, _ views: Connection
    ) throws -> ExplainRequest.Attendee {
        let isMatched = attending.answer == "matched"
        let name = isMatched ? try attending.person.flatMap { try names.person($0) } : nil
        let rule = rules.rule(of: attending)
        var sentence = ""
        if isMatched, !attending.isOwn, let found = attending.rule {
            sentence =
                "\(name ?? "a person without a name"), by \(found.rawValue) (\(RuleWords.match(found)))"
                + ", \(attending.confidence) of 100"
            if let rule { sentence += "; not logged: \(RuleWords.attendee(rule))" }
        } else if let rule {
            sentence = RuleWords.attendee(rule)
            let candidates = try Candidates(views, names).of(attending.address)
            if !candidates.isEmpty { sentence += ": \(candidates.joined(separator: ", "))" }
        }
        return ExplainRequest.Attendee(
            shown: Self.shown(attending), personName: name, rule: rule?.rawValue ?? attending.rule?.rawValue,
            confidence: isMatched ? attending.confidence : nil, sentence: sentence)
    }

    private static func shown(_ attending: MeetingCase.Attending) -> String {
        switch (attending.name, attending.email) {
        case (let name?, let email?): "\(name) <\(email)>"
        case (let name?, nil): name
        case (nil, let email?): email
        case (nil, nil): "(erased)"
        }
    }

    // MARK: What would change it

    private func advice(_ meeting: MeetingCase, _ rules: LogRules, _ rule: SkipRule?) -> [String] {
        var advice: [String] = []
        for attending in meeting.attendees {
            let shown = attending.email ?? attending.name ?? ""
            guard !shown.isEmpty else { continue }
            switch rules.rule(of: attending) {
            case .suggested: advice.append("Accept or reject who is suggested for \(shown): daybook suggestions")
            case .ambiguous: advice.append("Say who \(shown) is: daybook match \(ShellWord.text(shown)) PERSON")
            case .unknown:
                advice.append("Add who \(shown) is: daybook people add --from \(ShellWord.text(shown))")
                advice.append("If \(shown) is you: daybook own-address add \(ShellWord.text(shown))")
            case .declined: advice.append("To log who declined: daybook settings set declined-attendees on")
            case .notDecided: advice.append("To match \(shown): daybook sync")
            default: break
            }
        }
        switch rule {
        case .autoLogOff, .beforeAutoLog:
            advice.append("To log it by hand: daybook log-meeting \(meeting.meeting.prefix(8))")
        case .lowConfidence: advice.append("To log surely: daybook suggestions, or a lower “least-confidence”.")
        case nil where meeting.activities.isEmpty && (meeting.ends ?? .max) <= home.options.now():
            advice.append("To log it now: daybook sync")
        default: break
        }
        return advice
    }

    // MARK: The entries behind it

    private func chain(_ meeting: MeetingCase, _ answer: MeetingAnswer, _ views: Connection) throws
        -> [ExplainRequest.Link]
    {
        var positions: [(Int64, String)] = []
        let first = try views.prepare("SELECT first_position, position, decided FROM meeting WHERE meeting = ?")
            .first(.text(meeting.meeting)) { ($0.integer(0), $0.integer(1), $0.integerIfPresent(2)) }
        guard let first else { return [] }
        positions.append((first.0, "a calendar showed it"))
        if first.1 != first.0 { positions.append((first.1, "the last change of it")) }
        for attending in meeting.attendees where attending.answer == "matched" && !attending.isOwn {
            if let answered = attending.answered {
                positions.append((answered, "whose \(attending.email ?? attending.name ?? "address") is"))
            }
        }
        for logged in meeting.activities { positions.append((logged.position, "logged")) }
        if let decided = first.2, !positions.contains(where: { $0.0 == decided }) {
            positions.append((decided, "the last decision about it"))
        }
        var seen: Set<Int64> = []
        return try positions.sorted { $0.0 < $1.0 }.compactMap { position, words in
            guard seen.insert(position).inserted, let entry = try home.reader.entry(position) else { return nil }
            return ExplainRequest.Link(position: position, type: entry.type, at: entry.at, words: words)
        }
    }
}

/// Who may be meant by an address, by name and address.
struct Candidates {
    private let views: Connection
    private let names: MeetingReader.Names

    init(_ views: Connection, _ names: MeetingReader.Names) {
        self.views = views
        self.names = names
    }

    func of(_ address: String) throws -> [String] {
        let people = try views.prepare(
            """
            SELECT person FROM address_suggestion WHERE address = ?1
            UNION SELECT person FROM address_candidate WHERE address = ?1
            """
        ).map(.text(address)) { $0.text(0) }
        return try people.map { try named($0) }
    }

    /// The name, with an address so that two of one name can be told apart.
    func named(_ person: String) throws -> String {
        let email =
            try views.prepare(
                """
                SELECT address.email FROM person_address JOIN address ON address.address = person_address.address
                WHERE person_address.person = ? ORDER BY person_address.number LIMIT 1
                """
            ).first(.text(person)) { $0.textIfPresent(0) } ?? nil
        let name = try names.person(person) ?? "(no name)"
        return email.map { "\(name) <\($0)>" } ?? name
    }
}
