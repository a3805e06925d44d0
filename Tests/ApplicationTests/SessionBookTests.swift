import Testing
import Vault

@testable import Application

/// Who is logged in, and for how long.
@Suite struct SessionBookTests {
    private static let hour: Int64 = 3_600_000

    @Test func `T7 a session ends after 12 hours without use, and after 7 days whatever happens`() {
        var book = SessionBook()
        _ = book.begin([1], user: "ada", now: 0)
        #expect(book.use([1], now: 12 * Self.hour)?.user == "ada")
        #expect(book.use([1], now: 24 * Self.hour)?.user == "ada")
        #expect(book.use([1], now: 36 * Self.hour + 1) == nil)
        _ = book.begin([2], user: "ada", now: 0)
        for hour in stride(from: Int64(10), through: 160, by: 10) {
            #expect(book.use([2], now: hour * Self.hour) != nil)
        }
        #expect(book.use([2], now: 168 * Self.hour) != nil)
        #expect(book.use([2], now: 168 * Self.hour + 1) == nil)
        #expect(Set(book.expire(now: 169 * Self.hour)) == [[1], [2]])
        #expect(book.count == 0)
    }

    @Test func `T7 what was ended is not found, alone or all of a user`() {
        var book = SessionBook()
        for number in UInt8(1)...3 { _ = book.begin([number], user: "ada", now: 0) }
        _ = book.begin([4], user: "grace", now: 0)
        book.end([1])
        #expect(book.use([1], now: 1) == nil)
        #expect(Set(book.end(allOf: "ada")) == [[2], [3]])
        #expect(book.use([2], now: 1) == nil)
        #expect(book.use([4], now: 1)?.user == "grace")
        #expect(book.use([9], now: 1) == nil)
    }

    @Test func `a user has so many sessions and no more, and the vault hears of their use now and then`() {
        var book = SessionBook()
        for number in UInt8(1)...60 { _ = book.begin([number], user: "ada", now: Int64(number)) }
        #expect(book.count == 50)
        #expect(book.use([1], now: 100) == nil)
        #expect(book.toKeep().isEmpty)
        _ = book.use([60], now: 10 * 60_000 + 60)
        #expect(book.toKeep().map(\.hash) == [[60]])
        #expect(book.toKeep().isEmpty)
    }
}
