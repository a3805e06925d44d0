import Entries
import HTTP
import ICalendar

/// Reads one address book: who changed, where the server can tell and nobody is gone, else everybody.
struct BookReading {
    let book: DAVCollection
    let client: DAVClient
    let means: Means

    private static let doing = "reading an address book"

    private var learned: DAVLearned { DAVLearned(memory: means.memory, now: means.now()) }

    func read(since text: String?) throws -> FoundPeople? {
        guard let text else { return try whole(nil) }
        guard let cursor = CalDAVCursor(text) else { return try whole(.cursorLost) }
        if learned.isOverdue(book.path) { return try whole(.reconciliation, cursor) }
        if cursor.isUnchanged(in: book, now: means.now()) { return nil }
        guard let token = cursor.token, book.canSync, learned.canSync else {
            return try whole(.noCursorOffered, cursor)
        }
        switch try SyncReport(collection: book, client: client, doing: Self.doing).run(from: token) {
        case .changes(let changes):
            learned.syncWorked()
            if !changes.gone.isEmpty || changes.changed.count >= Self.manyChanges { return try whole(nil) }
            // Something changed, and the report does not say what.
            if changes.isEmpty, cursor.isBehind(book), learned.mayCheck(book.path) { return try whole(.cursorRefused) }
            let next = CalDAVCursor(token: changes.token, tag: book.tag, listing: cursor.listing)
            if changes.isEmpty, next.token == cursor.token { return nil }
            var found = try people(changes.changed, next)
            found.scope = .changes
            found.pages += changes.pages
            return found
        case .tokenRefused(let isNamed):
            if !isNamed { learned.doubtSync() }
            return try whole(.cursorRefused)
        case .unsupported:
            learned.refuseSync()
            return try whole(.noCursorOffered)
        }
    }

    /// So many at once may be everybody, told of by a server that has forgotten the token.
    private static let manyChanges = 50

    private func whole(_ reason: FullReason?, _ cursor: CalDAVCursor? = nil) throws -> FoundPeople? {
        let listed = try DAVMembers(of: book, client: client, doing: Self.doing)
        let listing = means.mark(listed.members.flatMap { Array("\($0.name)\n\($0.tag ?? "")\n".utf8) })
        let token = book.canSync && learned.canSync ? book.token : nil
        let safe = CalDAVCursor.safe(token, in: book, now: means.now())
        let next = CalDAVCursor(token: safe, tag: book.tag, listing: listing)
        if let cursor, next == cursor, listed.members.allSatisfy({ $0.tag != nil }) {
            learned.noteWhole(book.path)
            return nil
        }
        var found = try people(listed.members, next)
        learned.noteWhole(book.path)
        found.isComplete = found.isComplete && listed.isComplete
        found.reason = reason
        return found
    }

    private func people(_ members: [DAVMember], _ cursor: CalDAVCursor) throws -> FoundPeople {
        var found = FoundPeople(contacts: [], cursor: cursor.text)
        try DAVFetch(kind: .books, collection: book, client: client, learned: learned).forEachPage(
            members, of: members.count
        ) {
            contents in
            found.pages += 1
            for (member, content) in contents { add(content, of: member, to: &found) }
        }
        return found
    }

    /// A card is a person and a photograph, which is passed over.
    private static var limits: ICalendar.Limits {
        var limits = ICalendar.Limits()
        limits.bodyBytes = DAVFetch.mostBytes
        return limits
    }

    private func add(_ content: DAVFetch.Content, of member: DAVMember, to found: inout FoundPeople) {
        switch content {
        case .gone: break
        case .unreadable(let problem): setAside(problem, in: &found)
        case .text(let bytes):
            let text = ContactText.read(bytes, limits: Self.limits)
            guard text.kind == .cards, text.isWhole || !text.contacts.isEmpty else {
                let flaw = text.flaws.first ?? Flaw(component: "VCARD", line: 1, problem: .otherText)
                return setAside(FoundProblem(flaw), in: &found)
            }
            let contacts = text.contacts.filter { Longest.isIdentifier($0.uid ?? "") }
            for _ in contacts.count..<text.contacts.count {
                let message = "A card has a UID that is far too long; it was set aside."
                setAside(FoundProblem(.tooLarge, message), in: &found)
            }
            found.contacts += contacts.map { contact in
                var contact = contact
                // One that names none is known by where it lies.
                if contact.uid?.isEmpty ?? true { contact.uid = "path:" + member.name }
                return contact
            }
            found.problems += text.flaws.filter(\.isQuarantine).map { FoundProblem($0) }
            if text.flaws.contains(where: \.isQuarantine) { found.isComplete = false }
        }
    }

    /// It is there and cannot be read, so that nobody counts as gone now.
    private func setAside(_ problem: FoundProblem, in found: inout FoundPeople) {
        found.isComplete = false
        found.problems.append(problem)
    }
}
