import Testing

@testable import ICalendar

/// What other programs were tested with, where it stands beside the project.
@Suite(.enabled(if: Corpus.isThere), .serialized) struct CorpusTests {
    @Test func `check 95: a text that was not touched is written back byte for byte`() {
        let files = Corpus.files("ics", "vcs", "vcf")
        #expect(files.count > 1_000)
        for file in files {
            let text = ComponentText(file.bytes)
            #expect(text.serialised == file.bytes, "\(file.path)")
            #expect(Rewriting(text).serialised == file.bytes, "\(file.path)")
            // What stands between the components, and the components, are the text.
            var rebuilt: [UInt8] = []
            var position = 0
            for root in text.roots {
                rebuilt += text.bytes[position..<root.bytes.startIndex] + root.bytes
                position = root.bytes.endIndex
            }
            #expect(rebuilt + text.bytes[position...] == text.bytes, "\(file.path)")
        }
    }

    @Test func `T15: every file is read under the limits, and a whole one that others accept gives its events`() throws
    {
        let verdicts = Corpus.verdicts()
        var compared = 0
        for file in Corpus.files("ics", "vcs") {
            let components = CalendarText(file.bytes).objects.reduce(0) { $0 + $1.components.count }
            let found = Everything.ofCalendar(file.bytes)
            guard let verdict = verdicts[file.path], verdict.structure == "ok", verdict.python == "ok",
                verdict.libical.hasPrefix("ok"), verdict.events > 0
            else { continue }
            compared += 1
            #expect(components == verdict.events, "\(file.path)")
            #expect(found.events > 0 || found.flaws > 0, "\(file.path)")
        }
        #expect(compared > 500)
    }

    @Test func `T15: every address book is read under the limits`() {
        var contacts = 0
        for file in Corpus.files("vcf", "vcs", "csv", "ldif", "ics") {
            contacts += Everything.ofContacts(file.bytes).contacts.count
        }
        #expect(contacts > 500)
    }

    @Test func `T14: a file that was cut is not whole, wherever it was cut`() {
        let files = Corpus.files("ics").filter { file in
            file.bytes.count < 6_000 && ComponentText(file.bytes).isWhole && ComponentText(file.bytes).roots.count == 1
        }
        let step = max(1, files.count / 40)
        var cuts = 0
        for index in stride(from: 0, to: files.count, by: step) {
            let bytes = files[index].bytes
            for length in 0..<bytes.count where ComponentText([UInt8](bytes[..<length])).isWhole {
                #expect(bytes[length...].allSatisfy { $0 <= 32 }, "\(files[index].path) at \(length)")
            }
            cuts += bytes.count
        }
        #expect(cuts > 20_000)
    }

    @Test func `T15, check 97: 10,000 damaged files are read without harm, each in less than a second`() {
        var chance = SeededChance(seed: 2026)
        let files = Corpus.files("ics", "vcs", "vcf", "csv").filter { $0.bytes.count < 20_000 }
        #expect(!files.isEmpty)
        for number in 0..<10_000 {
            let file = files[number % files.count]
            let damaged = Mutation.mutated(file.bytes, by: &chance)
            let spent = ContinuousClock().measure {
                if number.isMultiple(of: 2) || file.path.hasSuffix("ics") { Everything.ofCalendar(damaged) }
                if !file.path.hasSuffix("ics") { Everything.ofContacts(damaged) }
            }
            #expect(spent < .seconds(1), "\(file.path), number \(number)")
        }
    }
}
