public import Entries
import ICalendar
import Ledger
import Matching
public import Providers
import SQLite

/// Keeps the people of one address book in step with it: who is new, who changed, and who is gone.
///
/// The guards are those of calendars: a book that suddenly holds far too few is suspected, and who is absent is gone at the
/// second absence only.
public struct PeopleStage {
    private let desk: Desk
    private let book: Book
    private let trigger: Trigger
    private let run: String

    /// The address book, as the views know its connection.
    public struct Book: Sendable, Equatable {
        public var connection = ""
        public var owner = ""
        public var account = ""
        public var provider = Provider.files
        public var cursor: String?
        /// How many people the last reading left known.
        public var items: Int64 = 0
        public var suspectedRun: String?
        public var isSuspicionConfirmed = false
        public var hasAbsences = false

        public init() {}

        init(_ row: ConnectionRow) {
            connection = row.connection
            owner = row.owner
            account = row.account
            provider = row.provider
            cursor = row.cursor
            items = row.items
            suspectedRun = row.suspectedRun
            isSuspicionConfirmed = row.isSuspicionConfirmed
            hasAbsences = row.hasAbsences
        }
    }

    public init(_ desk: Desk, _ book: Book, trigger: Trigger, run: String) {
        self.desk = desk
        self.book = book
        self.trigger = trigger
        self.run = run
    }

    public typealias Summary = FetchStage.Summary

    /// - Parameter source: reads the book; it answers nil when nothing changed since the cursor.
    public func run(isFull: Bool, source: (_ cursor: String?) throws -> FoundPeople?) throws -> Summary {
        let started = desk.now()
        let mustRead = isFull || book.hasAbsences || book.suspectedRun != nil
        do {
            let cursor = try book.cursor.flatMap { try desk.cursors(of: book.provider).open($0) }
            guard let found = try source(mustRead ? nil : cursor) else { return try unchanged(started) }
            return try apply(found, started)
        } catch let failure as ReadingFailure {
            return try fail(failure, started)
        }
    }

    private func unchanged(_ started: Int64) throws -> Summary {
        var summary = Summary()
        summary.outcome = .unchanged
        summary.unchanged = book.items
        try desk.append(finished(summary, .delta, started), stream: stream, owner: book.owner)
        return summary
    }

    private func fail(_ failure: ReadingFailure, _ started: Int64) throws -> Summary {
        var summary = Summary()
        summary.outcome = .failed(failure)
        var failed = FetchFailed()
        failed.reading = reading
        failed.mode = .full
        failed.errorClass = failure.errorClass
        failed.errorCode = failure.code
        failed.attempts = failure.attempts
        failed.retry = failure.retryAfterMilliseconds.map { desk.now() + $0 }
        failed.started = started
        failed.durationMilliseconds = desk.now() - started
        failed.message = failure.message
        try desk.append(failed, stream: stream, owner: book.owner)
        return summary
    }

    // MARK: Applying

    private struct Known {
        var person: String
        var mark: String?
        var mergedInto: String?
    }

    private static let batch = 500

    private func apply(_ found: FoundPeople, _ started: Int64) throws -> Summary {
        let known = try known()
        let people = identified(found.contacts)
        let present = Set(people.map(\.person))
        let missing = known.values.filter {
            found.scope == .whole && found.isComplete && !present.contains($0.person) && $0.mergedInto == nil
        }
        .sorted { $0.person < $1.person }
        let kept = Int64(known.values.count { $0.mergedInto == nil })
        let absent = try absent()
        let suspicion = Suspicion(
            known: kept, found: kept - Int64(missing.count), isEmpty: people.isEmpty && found.scope == .whole,
            isKnown: !missing.isEmpty && missing.allSatisfy { absent.contains($0.person) })
        if suspicion.isGrave, !book.isSuspicionConfirmed, book.suspectedRun == nil {
            return try suspect(suspicion, started)
        }
        var summary = Summary()
        var addresses = AddressBook(desk, owner: book.owner)
        var drafts = suspicion.isGrave ? confirmation(Int64(people.count)) : []
        for (number, item) in people.enumerated() {
            drafts += try desk.read { try self.drafts(item, known[item.person], &addresses, &summary, $0) }
            if drafts.count >= Self.batch {
                try desk.append(drafts)
                drafts = []
                try desk.report("reading people", Int64(number), Int64(people.count))
            }
        }
        var (removals, absences) = absences(missing, absent, &summary)
        for identifier in found.gone {
            let person = desk.names.person(book.owner, account: book.account, identifier: "uid:" + identifier)
            guard known[person]?.mergedInto == nil, known[person] != nil else { continue }
            removals.append(removal(of: person))
            summary.deleted += 1
        }
        summary.quarantined = Int64(found.problems.count)
        summary.milliseconds = desk.now() - started
        var finished = self.finished(summary, found.scope == .whole ? .full : .delta, started)
        finished.modeReason = found.reason ?? (book.cursor == nil ? .first : nil)
        finished.pages = found.pages
        finished.isComplete = found.isComplete
        finished.cursor = try desk.cursors(of: book.provider).seal(found.cursor)
        finished.absences = absences
        try desk.append(drafts + removals + [desk.draft(finished, stream: stream, owner: book.owner)])
        return summary
    }

    private func known() throws -> [String: Known] {
        var known: [String: Known] = [:]
        try desk.read { views in
            try views.prepare("SELECT person, content_hash, merged_into FROM person WHERE connection = ?")
                .eachRow(.text(book.connection)) { row in
                    known[row.text(0)] = Known(
                        person: row.text(0), mark: row.textIfPresent(1), mergedInto: row.textIfPresent(2))
                }
        }
        return known
    }

    private struct Identified {
        let person: String
        let providerID: String
        let contact: Contact
    }

    /// Groups are no people, and a contact that stands twice in a book is one.
    private func identified(_ contacts: [Contact]) -> [Identified] {
        var seen: Set<String> = []
        return contacts.compactMap { contact in
            guard !contact.isGroup, let identity = Self.identity(contact) else { return nil }
            let person = desk.names.person(book.owner, account: book.account, identifier: identity)
            guard seen.insert(person).inserted else { return nil }
            return Identified(person: person, providerID: desk.names.provided(identity), contact: contact)
        }
    }

    /// The book's own id of a contact, else the first address, else the name: what changes least.
    private static func identity(_ contact: Contact) -> String? {
        if let uid = contact.uid, !uid.isEmpty { return "uid:" + uid }
        if let address = contact.addresses.compactMap({ MailAddress($0.text)?.text }).first { return "mail:" + address }
        let name = Folding.fold(contact.name)
        return name.isEmpty ? nil : "name:" + name
    }

    private func drafts(
        _ item: Identified, _ known: Known?, _ addresses: inout AddressBook, _ summary: inout Summary,
        _ views: Connection
    ) throws -> [Draft] {
        let writer = PersonWriter(desk: desk, owner: book.owner)
        var details = writer.details(of: item.contact)
        if let known, known.mark == details.contentHash || known.mergedInto != nil {
            summary.unchanged += 1
            return []
        }
        if known == nil, try wasTakenAway(item.person) { return [] }
        // Forgotten is who was forgotten, whichever book speaks of them.
        if known == nil,
            try writer.attendees(of: item.contact).contains(where: { attendee in
                try addresses.identifier(attendee).map { try addresses.isForgotten(attendee, $0, views) } ?? false
            })
        {
            return []
        }
        var drafts = try addresses.introduce(
            writer.attendees(of: item.contact), source: .addressBook, meeting: nil, views)
        if known == nil {
            summary.created += 1
            drafts.append(
                writer.added(
                    item.person, details, source: .addressBook, connection: book.connection,
                    providerID: item.providerID))
            return drafts
        }
        details.addresses += try writer.inherited(item.person, views).filter { !details.addresses.contains($0) }
        if let changed = try writer.changed(item.person, to: details, views) {
            summary.updated += 1
            drafts.append(changed)
        }
        return drafts
    }

    /// Who was not found the last time.
    private func absent() throws -> Set<String> {
        try desk.read { views in
            Set(
                try views.prepare("SELECT person FROM person_absence WHERE connection = ?")
                    .map(.text(book.connection)) { $0.text(0) })
        }
    }

    /// Whom the user took away, or had erased, no address book brings back.
    private func wasTakenAway(_ person: String) throws -> Bool {
        let stream = "person/\(person)"
        let version = try desk.reader.version(of: stream)
        guard version > 0 else { return false }
        let last = try desk.reader.entries(Query(stream: stream, isBackwards: true, limit: 1)).first
        switch try last?.fact() {
        case let removed as PersonRemoved: return removed.reason == .byHand
        case is PersonErased: return true
        default: return false
        }
    }

    private func absences(
        _ missing: [Known], _ before: Set<String>, _ summary: inout Summary
    ) -> ([Draft], [Absence]) {
        var drafts: [Draft] = []
        var absences: [Absence] = []
        for item in missing {
            if before.contains(item.person) {
                drafts.append(removal(of: item.person))
                summary.deleted += 1
            } else {
                var absence = Absence()
                absence.person = item.person
                absences.append(absence)
                summary.absent += 1
            }
        }
        return (drafts, absences)
    }

    private func removal(of person: String) -> Draft {
        var removed = PersonRemoved()
        removed.person = person
        removed.reason = .goneAtProvider
        return desk.draft(removed, stream: "person/\(person)", owner: book.owner)
    }

    // MARK: Entries about the reading

    private func suspect(_ suspicion: Suspicion, _ started: Int64) throws -> Summary {
        var suspected = FetchSuspected()
        suspected.reading = reading
        suspected.known = suspicion.known
        suspected.found = suspicion.found
        try desk.append(suspected, stream: stream, owner: book.owner)
        var summary = Summary()
        summary.outcome = .suspected(known: suspicion.known, found: suspicion.found)
        return summary
    }

    private func confirmation(_ found: Int64) -> [Draft] {
        guard let run = book.suspectedRun, !book.isSuspicionConfirmed else { return [] }
        var confirmed = FetchConfirmed()
        confirmed.connection = book.connection
        confirmed.run = run
        confirmed.confirmation = .laterReading
        confirmed.found = found
        return [desk.draft(confirmed, stream: stream, owner: book.owner)]
    }

    private var stream: String { "connection/\(book.connection)" }

    private var reading: FetchRun {
        var reading = FetchRun()
        reading.connection = book.connection
        reading.run = run
        reading.subject = .people
        reading.trigger = trigger
        return reading
    }

    private func finished(_ summary: Summary, _ mode: FetchMode, _ started: Int64) -> FetchFinished {
        var finished = FetchFinished()
        finished.reading = reading
        finished.mode = mode
        finished.pages = 1
        finished.isComplete = true
        finished.created = summary.created
        finished.updated = summary.updated
        finished.deleted = summary.deleted
        finished.unchanged = summary.unchanged
        finished.quarantined = summary.quarantined
        finished.attempts = 1
        finished.started = started
        finished.durationMilliseconds = desk.now() - started
        return finished
    }
}
