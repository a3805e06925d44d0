import Foundation
import HTTP
import Providers
import Testing

/// Calendars that other programs were tested with, published as feeds and cut off. They stand beside the project, and none
/// of them belongs to it.
struct FeedCorpusTests {
    private static let folder: URL = {
        var root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
        for _ in 0..<4 { root.deleteLastPathComponent() }
        return root.appendingPathComponent("../shared/corpus").standardizedFileURL
    }()

    private static var isThere: Bool { FileManager.default.fileExists(atPath: folder.path) }

    /// Of as many collections as there are the first calendars that are whole, neither too small nor too large.
    private static func feeds(_ most: Int) throws -> [[UInt8]] {
        let collections = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        var feeds: [[UInt8]] = []
        for collection in collections {
            let inner = folder.appendingPathComponent(collection)
            let names = FileManager.default.enumerator(atPath: inner.path)?.compactMap { $0 as? String } ?? []
            var taken = 0
            for name in names.sorted() where name.hasSuffix(".ics") && taken < 4 {
                guard let data = try? Data(contentsOf: inner.appendingPathComponent(name)),
                    (1_500...30_000).contains(data.count)
                else { continue }
                feeds.append([UInt8](data))
                taken += 1
            }
        }
        return Array(feeds.prefix(most))
    }

    /// So many places to cut at in each, spread evenly, and all of the last hundred.
    private static func lengths(_ count: Int) -> [Int] {
        let step = max(1, count / 150)
        return Array(Set(stride(from: 0, to: count, by: step)).union(max(0, count - 100)..<count)).sorted()
    }

    @Test(.enabled(if: isThere)) func `G16 F8 no beginning of a published calendar takes anything away`() throws {
        var tried = 0
        for whole in try Self.feeds(60) {
            let server = FeedServer("")
            server.isLengthKnown = false
            server.body = whole
            let following = Following(server)
            // What is not read even whole says nothing about its beginnings.
            guard (try? following.read()) != nil, following.marks.count > 1 else { continue }
            tried += 1
            for length in Self.lengths(whole.count) {
                server.body = Array(whole[..<length])
                let wish = ReadingWish(cursor: nil, window: following.window)
                guard let reading = try? following.source().read(CalendarPlace(path: "feed"), wish) else { continue }
                let missing = Set(following.marks.keys).subtracting(reading.items.map(\.identifier))
                #expect(!reading.isComplete || missing.isEmpty, "\(length) of \(whole.count)")
                // The next answer is whole again.
                server.body = whole
                _ = try following.source().read(CalendarPlace(path: "feed"), wish)
            }
        }
        #expect(tried >= 20)
    }
}
