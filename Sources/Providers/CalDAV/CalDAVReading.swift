import Entries
import HTTP
import ICalendar

/// Reads one calendar: what changed, where the server can tell, else what is there.
struct CalDAVReading {
    let collection: DAVCollection
    let client: DAVClient
    let means: Means
    let wish: ReadingWish
    /// Of the calendar, as the server or the user has it.
    let zone: String?

    private static let doing = "reading a calendar"

    private var learned: DAVLearned { DAVLearned(memory: means.memory, now: means.now()) }

    func read() throws -> Reading? {
        guard let text = wish.cursor else { return try whole(nil, since: nil) }
        guard let cursor = CalDAVCursor(text) else { return try whole(.cursorLost, since: nil) }
        if cursor.isUnchanged(token: collection.token, tag: collection.tag, now: means.now()) { return nil }
        guard let token = cursor.token, collection.canSync, learned.canSync else {
            return try whole(.noCursorOffered, since: cursor)
        }
        switch try SyncReport(collection: collection, client: client, doing: Self.doing).run(from: token) {
        case .changes(let changes):
            learned.syncWorked()
            return try reading(of: changes, cursor)
        case .tokenRefused(let isNamed):
            if !isNamed { learned.doubtSync() }
            return try whole(.cursorRefused, since: nil)
        case .unsupported:
            learned.refuseSync()
            return try whole(.noCursorOffered, since: nil)
        }
    }

    // MARK: What changed

    private func reading(of found: SyncReport.Changes, _ cursor: CalDAVCursor) throws -> Reading? {
        if isWholeInDisguise(found) { return try whole(.cursorRefused, since: nil) }
        let report = means.mark(
            found.changed.flatMap { Array("\($0.name)\n\($0.tag ?? "")\n".utf8) }
                + found.gone.flatMap { Array("- \($0)\n".utf8) })
        let next = CalDAVCursor(token: found.token, tag: collection.tag, listing: cursor.listing, report: report)
        // A report that counts in seconds tells of its last second again and again.
        if found.token == cursor.token, report == cursor.report || found.isEmpty { return nil }
        return changes(found, next)
    }

    /// Servers that do not know a token may list everything without saying so. Then what is gone is not told of, and only a
    /// listing shows it. The few that change on a usual day are not taken for everything.
    private func isWholeInDisguise(_ found: SyncReport.Changes) -> Bool {
        guard found.changed.count >= 10, found.gone.isEmpty else { return false }
        return found.changed.count { wish.isKnown($0.name) } * 5 >= found.changed.count * 4
    }

    private func changes(_ found: SyncReport.Changes, _ cursor: CalDAVCursor) -> Reading {
        let members = found.changed.filter { !$0.isOther || wish.isKnown($0.name) }
        let items = members.map(item)
        // What a report names is read even if its ETag is known: there are servers that give an ETag a second time.
        var reading = Reading(items: items, isComplete: true, coveredFrom: nil, cursor: cursor.text) { _, page in
            try hand(over: members, of: .max, page)
        }
        reading.scope = .changes
        reading.gone = found.gone
        reading.name = collection.name
        reading.pages = max(1, found.pages)
        return reading
    }

    // MARK: What is there

    /// - Parameter cursor: one that may still hold, where the server only says that something changed.
    private func whole(_ reason: FullReason?, since cursor: CalDAVCursor?) throws -> Reading? {
        let listed = try listed()
        let members = listed.members.filter { !$0.isOther }
        let items = members.map(item)
        let listing = means.mark(items.flatMap { Array("\($0.identifier)\n\($0.mark)\n".utf8) })
        let next = CalDAVCursor(token: listed.token, tag: collection.tag, listing: listing)
        if next == cursor, members.allSatisfy({ $0.tag != nil }) { return nil }
        var reading = Reading(
            items: items, isComplete: listed.isComplete, coveredFrom: nil, cursor: next.text
        ) { wanted, page in
            try hand(over: zip(members, items).filter { wanted($1) }.map(\.0), of: members.count, page)
        }
        reading.name = collection.name
        reading.reason = reason
        reading.pages = listed.pages
        return reading
    }

    private struct Listed {
        var members: [DAVMember]
        var token: String?
        var isComplete = true
        var pages: Int64 = 1
    }

    /// By the report of changes where there is one, from nothing: its token belongs to what it lists, and servers answer it
    /// faster than a PROPFIND of as many. Of a PROPFIND the token was taken before, so that what changes in between is told
    /// of by the next report.
    private func listed() throws -> Listed {
        if collection.reports?.contains(.dav("sync-collection")) == true, learned.canSync,
            case .changes(var all) = try SyncReport(collection: collection, client: client, doing: Self.doing).run(
                from: "")
        {
            guard Self.looksCut(all.changed.count) else {
                return Listed(members: all.changed, token: all.token, pages: all.pages)
            }
            let query = DAVQuery(collection: collection, client: client, learned: learned)
            let found = try query.members() ?? DAVMembers(of: collection, client: client, doing: Self.doing).members
            let names = Set(all.changed.map(\.name))
            all.changed += found.filter { !names.contains($0.name) }
            return Listed(members: all.changed, token: all.token, pages: all.pages + 1)
        }
        let found = try DAVMembers(of: collection, client: client, doing: Self.doing)
        let token = collection.canSync && learned.canSync ? collection.token : nil
        return Listed(members: found.members, token: token, isComplete: found.isComplete)
    }

    /// There are servers that end a long report at a round number and do not say so.
    private static func looksCut(_ count: Int) -> Bool { count >= 500 && count.isMultiple(of: 100) }

    // MARK: Contents

    /// One without an ETag is new each time.
    private func item(_ member: DAVMember) -> Reading.Item {
        Reading.Item(identifier: member.name, mark: member.tag ?? "at \(means.now())")
    }

    private func hand(over members: [DAVMember], of all: Int, _ page: ([FoundGroup]) throws -> Void) throws {
        let resource = CalendarResource(
            zones: means.zones, calendarZone: zone, floatingZone: means.floatingZone, window: wish.window)
        let fetch = DAVFetch(kind: .calendars, collection: collection, client: client, learned: learned)
        var done: Int64 = 0
        try fetch.forEachPage(members, of: all) { contents in
            let groups = contents.compactMap { member, content in group(member, content, resource) }
            if !groups.isEmpty { try page(groups) }
            done += Int64(contents.count)
            try wish.report(done, Int64(members.count))
        }
    }

    private func group(_ member: DAVMember, _ content: DAVFetch.Content, _ resource: CalendarResource) -> FoundGroup? {
        let mark = item(member).mark
        var group = FoundGroup(identifier: member.name, path: member.href, mark: mark)
        switch content {
        case .gone: return nil
        case .unreadable(let problem):
            // Another mark than its own, so that a later reading of the whole tries it again.
            group.mark = "unread " + mark
            group.problems = [problem]
            return group
        case .text(let bytes):
            if let found = resource.read(bytes, member, mark: mark) { return found }
            // What was an event before holds none any more.
            return wish.isKnown(member.name) ? group : nil
        }
    }
}
