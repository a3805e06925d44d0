import Entries
import Foundation
import Ledger
import Machine
import Rehearsal
import Secrets

@testable import Application

/// A home in a folder of its own, with a clock that goes on by a second at each look and chance from a seed. The folder
/// is gone with it.
final class RunningHome {
    /// What lies in it and beside it: the home itself, and backups and such.
    let place: String
    let folder: HomeFolder
    let time: RehearsedTime
    let made: NewHome
    var options: OpenHome.Options

    init(seed: UInt64 = 1, user: String = "Ada", zone: String? = nil) throws {
        place = try temporaryPlace()
        folder = HomeFolder(place + "/home")
        let time = RehearsedTime(step: 1_000)
        self.time = time
        options = OpenHome.Options()
        options.now = { time.now() }
        options.randomness = .seeded(seed)
        options.passwords = PasswordDesk(cost: .least)
        // A child that another test is just starting holds what was open, for the moment between fork and exec.
        options.lockWaitMilliseconds = 10_000
        made = try NewHome.create(folder, userName: user, zone: zone, options)
    }

    deinit { try? FileManager.default.removeItem(atPath: place) }

    var door: Door { Door(folder, options) }

    func ask<SomeRequest: Request>(_ request: SomeRequest) throws -> SomeRequest.Answer { try door.ask(request).answer }

    /// The refusal that a request meets; nil if it is answered.
    func refusal<SomeRequest: Request>(_ request: SomeRequest) -> Refusal? {
        do {
            _ = try door.ask(request)
            return nil
        } catch let refusal as Refusal {
            return refusal
        } catch {
            return Refusal(.failed, "no refusal, but: \(error)")
        }
    }

    @discardableResult
    func append(_ drafts: [Draft]) throws -> [Receipt] { try door.open { try $0.append(drafts) }.answer }

    @discardableResult
    func write<SomeFact: Fact>(
        _ fact: SomeFact, stream: String = "home", owner: String? = nil, cause: Int64? = nil,
        _ change: (inout SomeFact) -> Void = { _ in }
    ) throws -> Int64 {
        var fact = fact
        change(&fact)
        return try append([Draft(fact, stream: stream, owner: owner ?? made.user, actor: "test", cause: cause)])[0]
            .position
    }

    func path(_ name: String) -> String { place + "/" + name }

    /// Every file of the home, by its name.
    func files() throws -> [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        for name in try Folder.names(in: folder.path) { files[name] = try Folder.read(folder.path + "/" + name) }
        return files
    }

    func holds(_ text: String) throws -> [String] {
        try files().filter { String(decoding: $0.value, as: UTF8.self).contains(text) }.keys.sorted()
    }
}

/// A new folder for the files of a test.
func temporaryPlace() throws -> String {
    let place = FileManager.default.temporaryDirectory.appending(path: "home-\(UUID().uuidString)").path
    try Folder.create(place)
    return place
}

/// An answer as JSON in one certain order, so that two can be compared.
func json<Answer: Encodable>(_ answer: Answer) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(answer), as: UTF8.self)
}

func write(_ text: String, to path: String) throws { try Folder.replace(path, with: Array(text.utf8)) }

func read(_ path: String) throws -> String { String(decoding: try Folder.read(path), as: UTF8.self) }

func setMode(_ mode: Int, of path: String) throws {
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
}

extension RunningHome {
    /// Writes an entry of a type that there is not, `feed.openee`, as a newer Daybook might have. Its hash does not fit,
    /// but enough entries follow that opening the home does not look at it.
    func writePastTheVocabulary() throws {
        try append([Draft(FeedOpened(), stream: "feed/f", owner: "u", actor: "test")])
        try append((1...80).map { _ in Draft(FeedClosed(), stream: "feed/f", owner: "u", actor: "test") })
        var bytes = try Folder.read(folder.ledger)
        guard let place = Data(bytes).range(of: Data("feed.opened".utf8)) else { return }
        bytes[place.upperBound - 1] = UInt8(ascii: "e")
        try Folder.replace(folder.ledger, with: bytes)
    }
}
