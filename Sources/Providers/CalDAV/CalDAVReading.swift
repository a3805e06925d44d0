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

    private var unread: UnreadMembers { UnreadMembers(collection.path, means.memory, now: means.now()) }
    private var learned: DAVLearned { DAVLearned(memory: means.memory, now: means.now()) }

    func read() throws -> Reading? {
        guard let text = wish.cursor else { return try whole(nil, since: nil) }
        guard let cursor = CalDAVCursor(text) else { return try whole(.cursorLost, since: nil) }
        let due = unread.due
        if cursor.isUnchanged(in: collection, now: means.now()) {
            return due.isEmpty ? nil : changes(SyncReport.Changes(), due, cursor)
        }
        guard let token = cursor.token, collection.canSync, learned.canSync else {
            return try whole(.noCursorOffered, since: cursor)
        }
        switch try SyncReport(collection: collection, client: client, doing: Self.doing).run(from: token) {
        case .changes(let changes):
            learned.syncWorked()
            return try reading(of: changes, due, cursor)
        case .tokenRefused(let isNamed):
            if !isNamed { learned.doubtSync() }
            return try whole(.cursorRefused, since: nil)
        case .unsupported:
            learned.refuseSync()
            return try whole(.noCursorOffered, since: nil)
        }
    }

    // MARK: What changed

    private func reading(
        of found: SyncReport.Changes, _ due: [DAVMember], _ cursor: CalDAVCursor
    ) throws -> Reading? {
        let report = means.mark(
            found.changed.flatMap { Array("\($0.name)\n\($0.tag ?? "")\n".utf8) }
                + found.gone.flatMap { Array("- \($0)\n".utf8) })
        let next = CalDAVCursor(token: found.token, tag: collection.tag, listing: cursor.listing, report: report)
        // A report that counts in seconds tells of its last second again and again.
        let isAgain = found.token == cursor.token && (report == cursor.report || found.isEmpty)
        if isAgain, due.isEmpty { return nil }
        if isWholeInDisguise(found) { return try whole(.cursorRefused, since: nil) }
        if !isAgain, isDoubtful(found, cursor) {
            return try whole(.cursorRefused, since: nil, told: found, report: report)
        }
        return changes(found, due, next)
    }

    /// Servers that do not know a token may list everything without saying so. Then what is gone is not told of, and only a
    /// listing shows it. The few that change on a usual day are not taken for everything.
    private func isWholeInDisguise(_ found: SyncReport.Changes) -> Bool {
        guard found.changed.count >= 10, found.gone.isEmpty else { return false }
        return found.changed.count { wish.isKnown($0.name) } * 5 >= found.changed.count * 4
    }

    /// The report contradicts what else is known, as those of servers do that take any token for a good one: it names what
    /// did not change, or nothing where the listing shows that something did. What it may be silent about, a listing shows.
    private func isDoubtful(_ found: SyncReport.Changes, _ cursor: CalDAVCursor) -> Bool {
        if found.isEmpty { return cursor.isBehind(collection) && learned.mayCheck(collection.path) }
        return found.gone.isEmpty && found.changed.contains { $0.tag != nil && wish.isSame(item($0)) }
    }

    private func changes(
        _ found: SyncReport.Changes, _ due: [DAVMember], _ cursor: CalDAVCursor
    ) -> Reading {
        var members = found.changed.filter { !$0.isOther || wish.isKnown($0.name) }
        let named = Set(found.changed.map(\.name)).union(found.gone)
        members += due.filter { !named.contains($0.name) }
        let items = members.map(item)
        // What a report names is read even if its ETag is known: there are servers that give an ETag a second time.
        var reading = Reading(items: items, isComplete: true, coveredFrom: nil, cursor: cursor.text) { _, page in
            try hand(over: members, of: .max, page) { found.gone.contains($0) }
        }
        reading.scope = .changes
        reading.gone = found.gone
        reading.name = collection.isNamed ? collection.name : nil
        reading.pages = max(1, found.pages)
        return reading
    }

    // MARK: What is there

    /// - Parameter cursor: one that may still hold, where the server only says that something changed.
    /// - Parameter told: what a report named, which is read whatever its ETag: there are servers that give one a second time.
    private func whole(
        _ reason: FullReason?, since cursor: CalDAVCursor?, told: SyncReport.Changes? = nil, report: String? = nil
    ) throws -> Reading? {
        let listed = try listed()
        let members = listed.members.filter { !$0.isOther }
        let items = members.map(item)
        let listing = means.mark(items.flatMap { Array("\($0.identifier)\n\($0.mark)\n".utf8) })
        let next = CalDAVCursor(
            token: told?.token ?? listed.token, tag: collection.tag, listing: listing, report: report)
        let due = Set(unread.due.map(\.name))
            .union(told?.changed.map(\.name) ?? [])
        if next == cursor, due.isEmpty, members.allSatisfy({ $0.tag != nil }) { return nil }
        var reading = Reading(
            items: items, isComplete: listed.isComplete, coveredFrom: nil, cursor: next.text
        ) { wanted, page in
            let names = Set(members.map(\.name))
            let some = zip(members, items).filter { due.contains($0.name) || wanted($1) }.map(\.0)
            try hand(over: some, of: members.count, page) { !names.contains($0) }
        }
        reading.name = collection.isNamed ? collection.name : nil
        reading.reason = reason
        reading.pages = listed.pages + (told?.pages ?? 0)
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
            if Self.looksCut(all.changed.count) {
                let query = DAVQuery(collection: collection, client: client, learned: learned)
                // One that finds less than the report is no better.
                let queried = query.members().flatMap { $0.count >= all.changed.count ? $0 : nil }
                let found =
                    try queried ?? DAVMembers(of: collection, client: client, doing: Self.doing).members
                let names = Set(all.changed.map(\.name))
                all.changed += found.filter { !names.contains($0.name) }
                all.pages += 1
            }
            return Listed(members: all.changed, token: safe(all.token), pages: all.pages)
        }
        let found = try DAVMembers(of: collection, client: client, doing: Self.doing)
        let token = collection.canSync && learned.canSync ? collection.token : nil
        return Listed(members: found.members, token: safe(token), isComplete: found.isComplete)
    }

    private func safe(_ token: String?) -> String? { CalDAVCursor.safe(token, in: collection, now: means.now()) }

    /// There are servers that end a long report at a round number and do not say so.
    private static func looksCut(_ count: Int) -> Bool { count >= 500 && count.isMultiple(of: 100) }

    // MARK: Contents

    /// One without an ETag is new each time.
    private func item(_ member: DAVMember) -> Reading.Item {
        Reading.Item(identifier: member.name, mark: member.tag ?? "at \(means.now())")
    }

    /// - Parameter isOver: of what was not read before, what is no more.
    private func hand(
        over members: [DAVMember], of all: Int, _ page: ([FoundGroup]) throws -> Void,
        forgetting isOver: (String) -> Bool
    ) throws {
        let resource = CalendarResource(
            zones: means.zones, calendarZone: zone, floatingZone: means.floatingZone, window: wish.window)
        let fetch = DAVFetch(kind: .calendars, collection: collection, client: client, learned: learned)
        var unread = unread
        unread.forget(where: isOver)
        var done: Int64 = 0
        try fetch.forEachPage(members, of: all) { contents in
            var groups: [FoundGroup] = []
            for (member, content) in contents {
                let group = group(member, content, resource)
                if mayComeBack(group, content, unread.has(member)) {
                    unread.note(member)
                } else {
                    unread.forget { $0 == member.name }
                }
                if let group { groups.append(group) }
            }
            if !groups.isEmpty { try page(groups) }
            done += Int64(contents.count)
            try wish.report(done, Int64(members.count))
        }
        unread.keep()
    }

    /// What was cut off or flooded, or listed and then not there, may be the fault of a moment. That it is not there is
    /// believed the second time.
    private func mayComeBack(_ group: FoundGroup?, _ content: DAVFetch.Content, _ wasTried: Bool) -> Bool {
        if content == .gone { return !wasTried }
        return group?.problems.contains { [.malformed, .tooLarge].contains($0.problem) } == true
    }

    private func group(_ member: DAVMember, _ content: DAVFetch.Content, _ resource: CalendarResource) -> FoundGroup? {
        let mark = item(member).mark
        var group = FoundGroup(
            identifier: member.name, path: member.isOverlong ? nil : member.href, mark: mark)
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
