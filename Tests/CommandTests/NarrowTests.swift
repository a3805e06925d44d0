import Foundation
import Machine
import Testing

@testable import Command

/// What a terminal of 80 columns shows.
@Suite struct NarrowTests {
    private let plain = Style(isColoured: false)

    private static let year = String(Moment.local(Moment.now()).year)

    /// Activities as their table has them.
    private func activities() -> Table {
        var table = Table([
            .times("when", "Europe/Berlin"), .init(heading: "person"), .init(heading: "what", spare: 1),
            .init(heading: "title"), .init(heading: "also there", spare: 2), .init(heading: "id", isFixed: true),
        ])
        table.add([
            "\(Self.year)-11-30 21:05", "Bea Brandt", "meeting", "A weekly review of the fair in Lisbon", "Zoë, Jane",
            "4k2m9d0q",
        ])
        table.add(["2019-03-01 09:30", "Ada", "call", "Lunch", "–", "9x1v8b3c"])
        return table
    }

    // MARK: Tables

    @Test func `a narrow table leaves out what can be spared, and gives the space to the title`() {
        let lines = activities().lines(plain, limit: 80)
        #expect(lines.allSatisfy { Visible.width($0) <= 80 })
        #expect(lines[0].split(separator: " ") == ["when", "person", "what", "title", "id"])
        #expect(lines[1].hasPrefix("11-30 21:05 "))
        #expect(lines[1].contains("A weekly review of the fair") && lines[1].hasSuffix("  4k2m9d0q"))
        let narrower = activities().lines(plain, limit: 60)
        #expect(narrower.allSatisfy { Visible.width($0) <= 60 })
        #expect(narrower[0].split(separator: " ") == ["when", "person", "title", "id"])
    }

    @Test func `L23 a time keeps its year where it is another than this one`() {
        let lines = activities().lines(plain, limit: 80)
        #expect(lines[2].hasPrefix("2019-03-01 09:30 "))
    }

    @Test func `nothing is shortened or left out where there is room, or no terminal`() {
        for limit in [nil, 200] {
            let lines = activities().lines(plain, limit: limit)
            #expect(lines[0].hasPrefix("when (Europe/Berlin)  person"))
            #expect(lines[0].contains("also there"))
            #expect(lines[1].hasPrefix("\(Self.year)-11-30 21:05"))
        }
    }

    @Test func `a time loses its seconds, and what follows it stays`() throws {
        let shorten = try #require(Table.Column.times("last success", "UTC").short)
        #expect(shorten("\(Self.year)-11-30 21:05:07") == "11-30 21:05")
        #expect(shorten("\(Self.year)-11-30 21:05, 3 min ago") == "11-30 21:05, 3 min ago")
        #expect(shorten("\(Self.year)-03-01 – \(Self.year)-03-03 all day") == "03-01 – 03-03 all day")
        #expect(shorten("last success (UTC)") == "last success")
        #expect(shorten("never") == "never")
    }

    // MARK: Names

    @Test(arguments: [
        ("Dates", "Club", "Club / Dates"), ("Club", "Club", "Club"), ("", "Club", "Club"), ("Dates", nil, "Dates"),
        ("", nil, "calendar"),
    ])
    func `a calendar is named with its connection, once`(_ name: String, _ connection: String?, _ text: String) {
        #expect(CalendarName.text(name, of: connection) == text)
    }

    // MARK: The program

    @Test func `nothing of what is shown in 80 columns is wider`() throws {
        let program = try RunningProgram()
        let name = String(repeating: "A person with a long name ", count: 8)
        try program.append(
            RunningProgram.line(personal: #"{"name":"\#(name)"}"#), RunningProgram.line("user.changed", cause: 2))
        for line in ["log", "show 3", "show 99", "doctor", "status", "init --home other", "nonsense", "settings"] {
            let shown = try program.onTerminal("daybook \(line)")
            #expect(!shown.isEmpty, "\(line)")
            // A path or a key is one word, and stays whole.
            for text in shown where text.split(separator: " ").allSatisfy({ $0.count < 60 }) {
                #expect(Visible.width(text) <= 80, "\(line): \(text)")
            }
        }
        let log = try program.onTerminal("daybook log")
        #expect(log[0].split(separator: " ") == ["#", "recorded", "type", "about", "what"], "\(log)")
    }
}
