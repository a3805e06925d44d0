import Machine
import Testing

@Suite struct FolderTests {
    static let old = Array("the old".utf8)
    static let new = Array("the new, which is longer".utf8)

    @Test func `replacing leaves the new file, for its owner alone, and nothing beside it`() throws {
        try withFolder { folder in
            let path = "\(folder)/note"
            try Folder.replace(path, with: Self.old)
            try Folder.replace(path, with: Self.new)
            #expect(try Folder.read(path) == Self.new)
            #expect(Folder.facts(path)?.mode == 0o600)
            #expect(Folder.facts(path)?.byteCount == Int64(Self.new.count))
            #expect(try Folder.names(in: folder) == ["note"])
        }
    }

    @Test func `a reader sees the old or the new, and never a part`() async throws {
        try await withAsyncFolder { folder in
            let path = "\(folder)/note"
            let large = (0..<20).map { [UInt8](repeating: $0, count: 100_000) }
            try Folder.replace(path, with: large[0])
            let reader = Task.detached {
                var isWhole = true
                while !Task.isCancelled {
                    let bytes = try Folder.read(path, limit: 200_000)
                    isWhole = isWhole && bytes.count == 100_000 && bytes.allSatisfy { $0 == bytes[0] }
                }
                return isWhole
            }
            for bytes in large { try Folder.replace(path, with: bytes) }
            reader.cancel()
            #expect(try await reader.value)
        }
    }

    @Test func `what cannot be replaced stays, and nothing is left beside it`() throws {
        try withFolder { folder in
            let path = "\(folder)/inner"
            try Folder.create(path)
            try Folder.replace("\(path)/kept", with: Self.old)
            let error = #expect(throws: MachineError.self) { try Folder.replace(path, with: Self.new) }
            #expect(error?.action == "write" && error?.path == path)
            #expect(try Folder.names(in: folder) == ["inner"])
            #expect(try Folder.read("\(path)/kept") == Self.old)
        }
    }

    @Test func `what was left of an earlier try is in nobody's way`() throws {
        try withFolder { folder in
            let path = "\(folder)/note"
            try Folder.replace("\(path).new-\(ThisProcess.identifier)", with: Self.old)
            try Folder.replace(path, with: Self.new)
            #expect(try Folder.names(in: folder) == ["note"])
        }
    }

    @Test func `T22 a link is replaced, and what it leads to is not`() throws {
        try withFolder { folder in
            try Folder.replace("\(folder)/target", with: Self.old)
            try link("\(folder)/note", to: "\(folder)/target")
            try Folder.replace("\(folder)/note", with: Self.new)
            #expect(try Folder.read("\(folder)/target") == Self.old)
            #expect(try Folder.read("\(folder)/note") == Self.new)
        }
    }

    @Test func `T22 a file is made once, for its owner alone, and through no link`() throws {
        try withFolder { folder in
            let path = "\(folder)/note"
            do {
                let file = try File.creating(path)
                try file.write(Self.old)
                try file.synchronize()
            }
            #expect(Folder.facts(path)?.mode == 0o600)
            let again = #expect(throws: MachineError.self) { _ = try File.creating(path) }
            #expect(again?.exists == true)
            try link("\(folder)/link", to: "\(folder)/elsewhere")
            let through = #expect(throws: MachineError.self) { _ = try File.creating("\(folder)/link") }
            #expect(through?.exists == true)
            #expect(!Folder.exists("\(folder)/elsewhere"))
            #expect(try Folder.read(path) == Self.old)
        }
    }

    @Test func `T33 a folder and those above it are for their owner alone`() throws {
        try withFolder { folder in
            try Folder.create("\(folder)/a/b/c")
            for path in ["a", "a/b", "a/b/c"] { #expect(Folder.facts("\(folder)/\(path)")?.mode == 0o700) }
            try Folder.create("\(folder)/a/b/c")
            try Folder.replace("\(folder)/file", with: [])
            #expect(throws: MachineError.self) { try Folder.create("\(folder)/file") }
            #expect(throws: MachineError.self) { try Folder.create("\(folder)/file/inner") }
        }
    }

    static let oddNames = [
        "with space", "-dash", "quote'\"", "line\nbreak", "tab\t", "🗓️", "e\u{301}", "\u{e9}", "*", "~", "#", "a\\b",
        String(repeating: "x", count: 200),
    ]

    @Test(arguments: oddNames)
    func `a name may hold anything`(_ name: String) throws {
        try withFolder { folder in
            let path = "\(folder)/\(name)"
            try Folder.replace(path, with: Self.new)
            let names = try Folder.names(in: folder)
            #expect(names.map { Array($0.utf8) } == [Array(name.utf8)])
            #expect(try Folder.read(path) == Self.new)
            try Folder.rename(path, to: "\(folder)/plain")
            try Folder.remove("\(folder)/plain")
            #expect(try Folder.names(in: folder) == [])
        }
    }

    @Test func `a file is read whole or not at all`() throws {
        try withFolder { folder in
            let path = "\(folder)/note"
            try Folder.replace(path, with: Self.old)
            #expect(try Folder.read(path, limit: Self.old.count) == Self.old)
            let error = #expect(throws: MachineError.self) { try Folder.read(path, limit: Self.old.count - 1) }
            #expect(error?.isDiskFull == true)
            try Folder.replace(path, with: [])
            #expect(try Folder.read(path) == [])
        }
    }

    @Test func `a file is read piece by piece, to its end`() throws {
        try withFolder { folder in
            let path = "\(folder)/note"
            try Folder.replace(path, with: Array(0..<10))
            let file = try File.reading(path)
            #expect(try file.read(upTo: 4) == [0, 1, 2, 3])
            #expect(try file.read(upTo: 100) == [4, 5, 6, 7, 8, 9])
            #expect(try file.read(upTo: 4) == [])
        }
    }

    @Test func `what is not there is said to be missing`() throws {
        try withFolder { folder in
            let error = #expect(throws: MachineError.self) { try Folder.read("\(folder)/no") }
            #expect(error?.isMissing == true)
            #expect(error.map { String(describing: $0) } == "cannot read \(folder)/no: No such file or directory")
            #expect(throws: MachineError.self) { try Folder.names(in: "\(folder)/no") }
            #expect(throws: MachineError.self) { try Folder.replace("\(folder)/no/note", with: []) }
            #expect(throws: MachineError.self) { try Folder.rename("\(folder)/no", to: "\(folder)/other") }
            #expect(Folder.facts("\(folder)/no") == nil)
            #expect(!Folder.exists("\(folder)/no"))
            // Removed is removed, whoever did it.
            try Folder.remove("\(folder)/no")
        }
    }

    @Test func `a folder is removed with all that is in it`() throws {
        try withFolder { folder in
            try Folder.create("\(folder)/a/b")
            try Folder.replace("\(folder)/a/b/note", with: [1])
            try Folder.replace("\(folder)/a/.hidden", with: [1])
            try Folder.removeFolder("\(folder)/a")
            #expect(try Folder.names(in: folder) == [])
            #expect(throws: MachineError.self) { try Folder.removeFolder("\(folder)/a") }
        }
    }

    @Test func `T22 removing a folder removes a link in it, and not what it leads to`() throws {
        try withFolder { folder in
            try Folder.create("\(folder)/kept")
            try Folder.replace("\(folder)/kept/note", with: Self.old)
            try Folder.create("\(folder)/a")
            try link("\(folder)/a/link", to: "\(folder)/kept")
            try link("\(folder)/a/nowhere", to: "\(folder)/nothing")
            try Folder.removeFolder("\(folder)/a")
            #expect(try Folder.names(in: folder) == ["kept"])
            #expect(try Folder.read("\(folder)/kept/note") == Self.old)
        }
    }

    static let parents = [
        ("/a/b", "/a"), ("/a/b/", "/a"), ("/a", "/"), ("/", "/"), ("a/b", "a"), ("a", "."), ("/a/b c", "/a"),
    ]

    @Test(arguments: parents)
    func `every path has a folder above it`(_ path: String, _ parent: String) {
        #expect(Folder.parent(of: path) == parent)
    }

    @Test func `a path from the root stays, another one gets the folder in front`() {
        #expect(Folder.absolute("/a/b") == "/a/b")
        #expect(Folder.absolute("a/b").hasPrefix("/"))
        #expect(Folder.absolute("a/b").hasSuffix("/a/b"))
    }

    @Test(.disabled(if: isRoot, "no permission applies to root"))
    func `what may not be written is said to be forbidden`() {
        let error = #expect(throws: MachineError.self) { try Folder.replace("/etc/passwd", with: []) }
        #expect(error?.isForbidden == true)
        #expect(!Folder.isWritable("/etc"))
    }
}
