import Entries
import ICalendar

/// When somebody is busy, for calendars of which Google tells nothing else: no titles, no ids, only times.
///
/// There are no sync tokens for that. The cursor is a mark of what was found, so that the same is not written down again.
struct GoogleBusyTimes {
    private let means: Means
    private let service: GoogleService
    private let calendar: CalendarPlace

    init(_ means: Means, _ service: GoogleService, _ calendar: CalendarPlace) {
        self.means = means
        self.service = service
        self.calendar = calendar
    }

    private static let day: Int64 = 86_400_000
    /// Google does not look further in one question.
    private static let longestSpan = 60 * day
    /// As many as a window of two years has, where every hour has one.
    private static let mostBlocks = 20_000

    private struct Block: Hashable {
        let starts: Int64
        let ends: Int64

        var identifier: String { "busy:\(starts)-\(ends)" }
    }

    /// - Parameter mark: of what was found at the last reading.
    func read(since mark: String?, _ wish: ReadingWish, cursor: (_ mark: String) -> String) throws -> Reading? {
        // Whole days, so that what lies across the edge is cut at the same place all day long.
        let from = wish.window.from.roundedDown(to: Self.day)
        let to = wish.window.to.roundedDown(to: Self.day) + Self.day
        var blocks: Set<Block> = []
        var pages: Int64 = 0
        var start = from
        while start < to {
            let end = min(to, start + Self.longestSpan)
            blocks.formUnion(try ask(start, end))
            guard blocks.count <= Self.mostBlocks else {
                throw ReadingFailure(.permanent, "too_large", "There are more busy times than anybody has.")
            }
            pages += 1
            start = end
            try wish.report(Int64(blocks.count), nil)
        }
        let found = blocks.sorted { ($0.starts, $0.ends) < ($1.starts, $1.ends) }
        let now = means.mark(Array("\(from) \(to) \(found.map(\.identifier))".utf8))
        if now == mark { return nil }
        return reading(found, from, to, pages, cursor(now))
    }

    private func ask(_ from: Int64, _ to: Int64) throws -> [Block] {
        var question = JSONWriter()
        question.name("timeMin")
        question.text(Self.text(from))
        question.name("timeMax")
        question.text(Self.text(to))
        question.name("items")
        question.array([calendar.path]) { writer, path in
            var item = JSONWriter()
            item.name("id")
            item.text(path)
            writer.raw(item.finish())
        }
        let answer = try service.ask(
            service.hosts.calendar + "/freeBusy", body: question.finish(), .readingBusyTimes)
        guard let found = answer.object.object("calendars")?.object(calendar.path), found.objects("errors").isEmpty
        else {
            throw ReadingFailure(
                .permanent, "calendar_gone",
                "Google does not say any more when \(calendar.name.map { "“\($0)”" } ?? "this calendar") is busy. What was "
                    + "read of it is kept; drop it, or choose another one.")
        }
        if found.isOtherThanList("busy") { throw GoogleService.malformed(.readingBusyTimes) }
        return found.objects("busy").compactMap { block in
            guard let starts = block.instant("start"), let ends = block.instant("end"), starts < ends else {
                return nil
            }
            return Block(starts: starts, ends: ends)
        }
    }

    private static func text(_ milliseconds: Int64) -> String {
        CivilDay(number: Int(milliseconds / day)).description + "T00:00:00Z"
    }

    private func reading(_ blocks: [Block], _ from: Int64, _ to: Int64, _ pages: Int64, _ cursor: String) -> Reading {
        let items = blocks.map { Reading.Item(identifier: $0.identifier, mark: means.mark(Array($0.identifier.utf8))) }
        var reading = Reading(items: items, isComplete: true, coveredFrom: from, cursor: cursor) { wanted, page in
            let groups = zip(blocks, items).filter { wanted($0.1) }.map { group($0.0, $0.1) }
            if !groups.isEmpty { try page(groups) }
        }
        reading.coveredTo = to
        reading.pages = pages
        reading.reason = .noCursorOffered
        return reading
    }

    private func group(_ block: Block, _ item: Reading.Item) -> FoundGroup {
        var group = FoundGroup(identifier: item.identifier, mark: item.mark)
        var meeting = FoundMeeting(uid: "\(block.identifier)@\(calendar.path)")
        meeting.details.starts = block.starts
        meeting.details.ends = block.ends
        meeting.details.zone = calendar.zone.flatMap { means.zones.find($0)?.zone.name } ?? "UTC"
        meeting.details.kind = .busy
        group.meetings = [meeting]
        return group
    }
}

extension Int64 {
    fileprivate func roundedDown(to step: Int64) -> Int64 {
        let rest = self % step
        return self - (rest < 0 ? rest + step : rest)
    }
}
