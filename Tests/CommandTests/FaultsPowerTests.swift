import Foundation
import Rehearsal
import Testing

/// The power fails. tools/faults/record.c writes down what the real program does to the files of a home; from that the
/// states are built in which a power cut could have left them.
@Suite(.enabled(if: FaultProgram.takesShims)) struct FaultsPowerTests {
    /// DAYBOOK_TEST_IMAGES asks for more.
    private static let images = FaultProgram.count("DAYBOOK_TEST_IMAGES", otherwise: 60)

    @Test func `G2 a power cut at any moment loses nothing that was acknowledged, and leaves everything intact`() throws
    {
        let lost = try cut(images: Self.images, lies: nil, failing: [])
        #expect(lost.isEmpty, "of \(Self.images) images: \(lost.prefix(5)), DAYBOOK_TEST_SEED=\(FaultProgram.seed)")
    }

    @Test func `G2 a sync that failed, a second run, and then a power cut: what the second run acknowledged is there`()
        throws
    {
        var lost: [String] = []
        for failing in 1...6 { lost += try cut(images: max(10, Self.images / 12), lies: nil, failing: [failing]) }
        #expect(lost.isEmpty, "\(lost.prefix(5)), DAYBOOK_TEST_SEED=\(FaultProgram.seed)")
    }

    @Test func `G2 the simulator sees the losses of a disk that only says that it has synced the log`() throws {
        let lost = try cut(images: 16, lies: "ledger.db-wal", failing: [])
        #expect(!lost.isEmpty)
    }

    /// Records runs of the program, cuts the power at random moments, and tells what was lost. Of the runs those whose
    /// number `failing` gives a sync meet an error of the disk.
    private func cut(images: Int, lies: String?, failing: [Int]) throws -> [String] {
        var chance = Chance(seed: FaultProgram.seed)
        return try FaultHome.with { home in
            let shim = try FaultShim("record", in: home.folder)
            let record = home.folder + "/record"
            let beginning = try PowerCut.Disk(home.path)
            let lines = FaultLines.following(24)
            let runs = [["--batch", "1"], ["--batch", "3", "--post"], ["--batch", "2"]]
            for (number, words) in runs.enumerated() {
                var environment = ["LD_PRELOAD": shim.path, "RECORD_UNDER": home.path, "RECORD_TO": record]
                if number < failing.count { environment["RECORD_FAIL"] = "\(failing[number])" }
                let part = lines[(number * 8)..<(number * 8 + 8)]
                _ = try FaultRun(
                    ["append", "--home", home.path] + words, environment: environment,
                    input: part.joined(separator: "\n"))
            }
            let cut = try PowerCut(record, from: beginning, lies: lies.map { try PowerCut.inode(home.path + "/" + $0) })
            let whole = try FaultHome.beginning.get().entries
            var lost: [String] = []
            for image in 0..<images {
                let moment = chance.below(cut.steps.count + 1)
                let (files, said) = cut.image(at: moment, &chance)
                FaultFolder.remove(home.path)
                try FaultFolder.write(files, to: home.path)
                let known = whole.map { Acknowledged(position: $0.position, hash: $0.hash, isRepeated: false) }
                if let flaw = try flaw(home, known + Acknowledged.read(said), withViews: image % 8 == 0) {
                    lost.append("image \(image), cut before step \(moment): \(flaw)")
                }
            }
            return lost
        }
    }

    private func flaw(_ home: FaultHome, _ known: [Acknowledged], withViews: Bool) throws -> String? {
        do {
            return try home.flaw(after: known, withViews: withViews)
        } catch {
            return "\(error)"
        }
    }
}

/// What a disk holds for sure, and what it may hold, after each step that was recorded.
///
/// A write that was not synced is there or not, sector by sector. A name that was made, replaced or removed is there in
/// the order in which that was done, up to some point, and for sure when the folder was synced.
struct PowerCut {
    struct Step {
        let kind: UInt8
        let inode: UInt64
        let offset: Int
        let bytes: Data
    }

    /// A file, apart from its name.
    final class Content {
        var sure: Data
        var unsure: [Step] = []

        init(_ sure: Data) { self.sure = sure }
    }

    enum Naming {
        case made(String, Content)
        case renamed(String, String)
        case removed(String)

        func apply(to names: inout [String: Content]) {
            switch self {
            case .made(let name, let content): names[name] = content
            case .renamed(let old, let new): names[new] = names.removeValue(forKey: old)
            case .removed(let name): names[name] = nil
            }
        }
    }

    /// The files of a folder with their inodes, as they are before anything is recorded.
    struct Disk {
        var files: [(name: String, inode: UInt64, bytes: Data)] = []

        init(_ folder: String) throws {
            for (name, bytes) in try FaultFolder.contents(folder) {
                files.append((name, try PowerCut.inode("\(folder)/\(name)"), bytes))
            }
        }
    }

    let steps: [Step]
    private let beginning: Disk
    private let lies: UInt64?

    static func inode(_ path: String) throws -> UInt64 {
        let facts = try FileManager.default.attributesOfItem(atPath: path)
        return try #require((facts[.systemFileNumber] as? NSNumber)?.uint64Value)
    }

    init(_ record: String, from beginning: Disk, lies: UInt64?) throws {
        self.beginning = beginning
        self.lies = lies
        let bytes = try #require(FileManager.default.contents(atPath: record))
        var steps: [Step] = []
        var place = 0
        func number(_ offset: Int) -> UInt64 {
            bytes[(place + offset)..<(place + offset + 8)].reversed().reduce(0) { $0 << 8 | UInt64($1) }
        }
        while place < bytes.count {
            let length = Int(number(17))
            let start = place + 25
            steps.append(
                Step(
                    kind: bytes[place], inode: number(1), offset: Int(number(9)),
                    bytes: Data(bytes[start..<(start + length)])))
            place = start + length
        }
        self.steps = steps
    }

    /// One of the states in which a cut before a step could leave the folder, and all that had been said by then.
    func image(at moment: Int, _ chance: inout Chance) -> (files: [String: Data], said: String) {
        var names: [String: Content] = [:]
        var contents: [UInt64: Content] = [:]
        for file in beginning.files {
            let content = Content(file.bytes)
            names[file.name] = content
            contents[file.inode] = content
        }
        var unsureNames: [Naming] = []
        var said = Data()
        for step in steps[..<moment] {
            let text = String(decoding: step.bytes, as: UTF8.self)
            switch UnicodeScalar(step.kind) {
            case "C":
                let content = Content(Data())
                contents[step.inode] = content
                unsureNames.append(.made(text, content))
            case "W", "T": contents[step.inode]?.unsure.append(step)
            case "S" where step.inode == lies: break
            case "S": contents[step.inode]?.settle()
            case "F": contents[step.inode]?.unsure = []
            case "D":
                for naming in unsureNames { naming.apply(to: &names) }
                unsureNames = []
            case "N":
                let both = text.split(separator: "\0").map(String.init)
                unsureNames.append(.renamed(both[0], both[1]))
            case "U": unsureNames.append(.removed(text))
            default: said += step.bytes
            }
        }
        for naming in unsureNames.prefix(chance.below(unsureNames.count + 1)) { naming.apply(to: &names) }
        return (names.mapValues { $0.torn(&chance) }, String(decoding: said, as: UTF8.self))
    }
}

extension PowerCut.Content {
    private static let sector = 512

    func settle() {
        for step in unsure { sure = Self.apply(step, to: sure) { _ in true } }
        unsure = []
    }

    /// The file with some of what was not synced.
    func torn(_ chance: inout Chance) -> Data {
        var bytes = sure
        // All, none, or anything between.
        let share = chance.pick([0, 10, 50, 90, 100])
        for step in unsure { bytes = Self.apply(step, to: bytes) { _ in chance.happens(share) } }
        return bytes
    }

    private static func apply(_ step: PowerCut.Step, to bytes: Data, _ lands: (Int) -> Bool) -> Data {
        var bytes = bytes
        if step.kind == UInt8(ascii: "T") {
            guard lands(0) else { return bytes }
            return bytes.count > step.offset
                ? Data(bytes.prefix(step.offset)) : bytes + Data(count: step.offset - bytes.count)
        }
        var done = 0
        while done < step.bytes.count {
            let start = step.offset + done
            let count = min(step.bytes.count - done, sector - start % sector)
            if lands(start) {
                if bytes.count < start + count { bytes.append(Data(count: start + count - bytes.count)) }
                bytes.replaceSubrange(start..<(start + count), with: step.bytes[done..<(done + count)])
            }
            done += count
        }
        return bytes
    }
}
