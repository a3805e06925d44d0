import Schedule
import Testing

/// When somebody works (L43).
@Suite struct WorkingHoursTests {
    private func works(_ text: String, _ day: Int, _ hour: Int, _ minute: Int = 0) throws -> Bool {
        try #require(WorkingHours(text)).contains(day: day, minute: hour * 60 + minute)
    }

    @Test func `F09 a range begins with its first minute and ends before its last`() throws {
        #expect(try works("mon-fri 08:00-18:00", 0, 8))
        #expect(try works("mon-fri 08:00-18:00", 4, 17, 59))
        #expect(try !works("mon-fri 08:00-18:00", 4, 18))
        #expect(try !works("mon-fri 08:00-18:00", 0, 7, 59))
        #expect(try !works("mon-fri 08:00-18:00", 5, 12))
    }

    @Test func `L43 a range over midnight belongs to the day on which it begins`() throws {
        #expect(try works("fri 22:00-06:00", 4, 23))
        #expect(try works("fri 22:00-06:00", 5, 5, 59))
        #expect(try !works("fri 22:00-06:00", 5, 6))
        #expect(try !works("fri 22:00-06:00", 4, 3))
        #expect(try works("sun 22:00-06:00", 0, 1))
        #expect(try works("22:00-06:00", 2, 1))
        #expect(try !works("22:00-06:00", 2, 12))
    }

    @Test func `days go over the end of the week, several ranges hold together, and a whole day is one`() throws {
        #expect(try works("sat-mon 10:00-12:00", 6, 11))
        #expect(try !works("sat-mon 10:00-12:00", 1, 11))
        #expect(try works("mon 08:00-12:00, mon 13:00-17:00", 0, 13))
        #expect(try !works("mon 08:00-12:00, mon 13:00-17:00", 0, 12, 30))
        #expect(try works("tue 00:00-24:00", 1, 23, 59))
        #expect(try works("tue 09:00-09:00", 2, 8, 59))
    }

    @Test(arguments: [
        "mon-fri 08:00-18:00", "22:00-06:00", "sat-mon 10:00-12:00", "wed 00:00-24:00",
        "mon 08:00-12:00, fri 13:00-17:30",
    ]) func `what is written is read as the same`(_ text: String) throws {
        let hours = try #require(WorkingHours(text))
        #expect(hours.description == text)
        #expect(WorkingHours(hours.description) == hours)
    }

    @Test(arguments: [
        "", "always", "08:00", "8-18", "25:00-26:00", "08:60-09:00", "xyz 08:00-18:00", "mon-fri",
        "mon fri 08:00-18:00",
        "08:00-18:00,", "-08:00-18:00", "24:00-06:00", "0x:00-06:00",
    ]) func `what is no range is none`(_ text: String) { #expect(WorkingHours(text) == nil) }
}
