import Entries
import Rehearsal
import SQLite
import Testing

@testable import Ledger

@Suite(.timeLimit(.minutes(1))) struct ScribeTests {
    @Test func `many at once are all answered, once each, in fewer commits than requests`() async throws {
        let scribe = Scribe(try LedgerWriter.given())
        let receipts = try await withThrowingTaskGroup(of: [Receipt].self) { group in
            for index in 0..<500 {
                group.addTask { try await scribe.append([.setting("s\(index)", stream: "user/\(index % 10)")]) }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(receipts.map(\.position).sorted() == Array(1...500))
        let entries = try await scribe.withWriter { try $0.reader.entries(Query()) }
        #expect(Set(entries.map { String(decoding: $0.content.data, as: UTF8.self) }).count == 500)
        // The clock is looked at once a commit.
        #expect(Set(entries.map(\.at)).count < 500)
        #expect(try await scribe.withWriter { try $0.reader.verify().isIntact })
    }

    @Test func `the one who is refused hears so, and the others are written`() async throws {
        let scribe = Scribe(try LedgerWriter.given([.setting("past", stream: "x")]))
        let outcomes = await withTaskGroup(of: Bool.self) { group in
            for index in 0..<50 {
                group.addTask {
                    (try? await scribe.append([.setting("s\(index)", stream: "x", expecting: 2)])) != nil
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.count { $0 } == 1)
        #expect(await scribe.withWriter { $0.head.size } == 2)
    }

    @Test func `G10 sixteen who append the same append it once`() async throws {
        let scribe = Scribe(try LedgerWriter.given())
        let receipts = try await withThrowingTaskGroup(of: [Receipt].self) { group in
            for _ in 0..<16 { group.addTask { try await scribe.append([.setting("a", key: [1])]) } }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(Set(receipts.map(\.position)) == [1])
        #expect(receipts.count { !$0.isRepeated } == 1)
    }

    @Test(arguments: [0, 1, 7, 300] as [Int64])
    func `a subscription sees each entry once and in order, while others write`(_ position: Int64) async throws {
        let scribe = Scribe(try LedgerWriter.given(Draft.settings(300)))
        let seen = try await withThrowingTaskGroup(of: [Int64].self) { group in
            group.addTask {
                var seen: [Int64] = []
                for try await entry in scribe.entries(after: position) {
                    seen.append(entry.position)
                    if entry.position == 700 { break }
                }
                return seen
            }
            for writer in 0..<4 {
                group.addTask {
                    for index in 0..<100 {
                        _ = try await scribe.append([.setting("w\(writer)-\(index)", stream: "w\(writer)")])
                    }
                    return []
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(seen == Array((position + 1)...700))
    }

    @Test func `two subscriptions do not take from each other`() async throws {
        let scribe = Scribe(try LedgerWriter.given(Draft.settings(5)))
        for start in [0, 3] as [Int64] {
            var iterator = scribe.entries(after: start).makeAsyncIterator()
            for position in (start + 1)...5 { #expect(try await iterator.next()?.position == position) }
        }
    }

    @Test func `a subscription that waits ends when its task is cancelled`() async throws {
        let scribe = Scribe(try LedgerWriter.given(Draft.settings(3)))
        let (arrived, arrival) = AsyncStream<Void>.makeStream()
        let task = Task {
            var seen: [Int64] = []
            for try await entry in scribe.entries(after: 0) {
                seen.append(entry.position)
                if entry.position == 3 { arrival.finish() }
            }
            return seen
        }
        for await _ in arrived {}
        task.cancel()
        #expect(try await task.value == [1, 2, 3])
        // The scribe works on for others.
        #expect(try await scribe.append([.setting("after")]).map(\.position) == [4])
    }

    @Test func `a cancelled task sees nothing`() async throws {
        let scribe = Scribe(try LedgerWriter.given())
        let (never, _) = AsyncStream<Void>.makeStream()
        let task = Task {
            for await _ in never {}
            var iterator = scribe.entries(after: 0).makeAsyncIterator()
            return try await iterator.next()
        }
        task.cancel()
        #expect(try await task.value == nil)
    }

    @Test func `after an error every request is refused until the ledger was opened again`() async throws {
        try await withAsyncFolder { folder in
            let path = "\(folder)/ledger.db"
            let scribe = Scribe(try LedgerWriter.given(at: path, Draft.settings(3)))
            try await scribe.withWriter { writer in
                try writer.settle()
                writer.connection.authorize(nil)
                try writer.connection.execute("PRAGMA max_page_count = 10")
            }
            let large = Draft.setting(String(repeating: "x", count: 1 << 20))
            let full = await #expect(throws: SQLiteError.self) { try await scribe.append([large]) }
            #expect(full?.kind == .full)
            let stopped = await #expect(throws: AppendError.self) { try await scribe.append([.setting("a")]) }
            if case .stopped = stopped {} else { Issue.record("\(String(describing: stopped))") }
            try await scribe.recover()
            #expect(try await scribe.append([.setting("a")]).map(\.position) == [4])
            #expect(try await scribe.withWriter { try $0.reader.verify().isIntact })
        }
    }
}
