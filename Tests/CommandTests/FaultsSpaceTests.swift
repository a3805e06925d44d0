import Foundation
import Testing

/// No space is left.
@Suite(.enabled(if: FaultProgram.isThere)) struct FaultsSpaceTests {
    /// In a namespace of its own a small disk is mounted over the folder of the home, the program writes until it is full,
    /// something is removed, and the program goes on. What it said and how it ended stands in files beside it.
    private static let script = """
        set -u
        home=$1 folder=$2 daybook=$3
        cp -a "$home" "$folder/kept"
        eval "$4"
        cp -a "$folder/kept" "$home/inner"
        home=$home/inner
        step() { name=$1; shift; "$@" >"$folder/$name.out" 2>"$folder/$name.err"; echo $? >"$folder/$name.code"; }
        dd if=/dev/zero of="$home/../ballast" bs=1k count=400 2>"$folder/dd"
        step full "$daybook" append --batch 5 --home "$home" <"$folder/lines"
        dd if=/dev/zero of="$home/../rest" bs=512 2>"$folder/dd"
        step reading "$daybook" log --home "$home" --limit 5
        step still "$daybook" append --batch 5 --home "$home" <"$folder/lines"
        step posting "$daybook" rebuild --home "$home"
        rm "$home/../ballast" "$home/../rest"
        step again "$daybook" append --batch 5 --home "$home" <"$folder/some"
        step verify "$daybook" verify --home "$home"
        step log "$daybook" log --all --json --home "$home"
        """

    @Test(
        .enabled(if: FaultProgram.mayMount),
        arguments: [
            "mount -t tmpfs -o size=1500k none \"$home\"",
            "mke2fs -q -t ext4 -b 1024 \"$folder/disk\" 3M && mount -o loop \"$folder/disk\" \"$home\"",
            "mke2fs -q -t ext4 -b 4096 \"$folder/disk\" 4M && mount -o loop \"$folder/disk\" \"$home\"",
        ])
    func `G4 a full disk is a clean error, reading goes on, and when there is space again so does writing`(
        _ mount: String
    ) throws {
        try FaultHome.with { home -> Void in
            let lines = FaultLines.following(6_000)
            try Data(lines.joined(separator: "\n").utf8).write(to: URL(filePath: home.folder + "/lines"))
            try Data(lines[..<50].joined(separator: "\n").utf8).write(to: URL(filePath: home.folder + "/some"))
            let ran = try FaultRun(
                ["-m", "sh", "-c", Self.script, "sh", home.path, home.folder, FaultProgram.path, mount],
                by: "/usr/bin/unshare", environment: ["PATH": "/usr/sbin:/sbin:/usr/bin:/bin"])
            // A machine may be without mke2fs or loop devices; then there is nothing to be seen.
            guard FileManager.default.fileExists(atPath: home.folder + "/log.out"), !ran.errors.contains("mount:")
            else {
                try Test.cancel("nothing could be mounted: \(ran.errors)")
            }
            func said(_ name: String) -> String {
                let bytes = FileManager.default.contents(atPath: "\(home.folder)/\(name)") ?? Data()
                return String(decoding: bytes, as: UTF8.self)
            }
            #expect(said("full.code") == "14\n", "\(said("full.err"))")
            #expect(said("still.code") == "14\n", "\(said("still.err"))")
            #expect(["14\n", "0\n"].contains(said("posting.code")), "\(said("posting.err"))")
            for name in ["full.err", "still.err"] {
                #expect(said(name).contains("  → What was acknowledged is safe"), "\(said(name))")
            }
            #expect(said("reading.code") == "0\n", "\(said("reading.code")) \(said("reading.err"))")
            #expect(said("reading.out").split(separator: "\n").count == 6)
            #expect(said("again.code") == "0\n", "\(said("again.err"))")
            #expect(said("verify.code") == "0\n", "\(said("verify.out")) \(said("verify.err"))")
            let hashes = Set(
                said("log.out").split(separator: "\n").compactMap { line in
                    line.range(of: "\"hash\":\"").map { String(line[$0.upperBound...].prefix(64)) }
                })
            let known = try Acknowledged.read(said("full.out"))
            #expect(!known.isEmpty && known.allSatisfy { hashes.contains($0.hash) })
        }
    }

    @Test(
        .disabled(if: FaultProgram.isSanitized, "the sanitizer's own files meet the limit first"),
        arguments: [64, 128, 256])
    func `G4 a limit on the size of files is met as a full disk is`(_ blocks: Int) throws {
        try FaultHome.with { home in
            let lines = FaultLines.following(400)
            let script = "ulimit -f \(blocks); exec \"$0\" append --batch 5 --home \"$1\""
            let ran = try FaultRun(
                ["-c", script, FaultProgram.path, home.path], by: "/bin/sh", input: lines.joined(separator: "\n"))
            #expect(ran.code == 14 && ran.isOneClearMessage, "\(ran.code) \(ran.errors)")
            let flaw = try home.flaw(after: Acknowledged.read(ran.output))
            #expect(flaw == nil)
            #expect(try home.appends(lines).count == 400)
        }
    }

    @Test func `an answer that nobody can keep is an error, and the entry is there all the same`() throws {
        try FaultHome.with { home in
            let script = "exec \"$0\" append --home \"$1\" >/dev/full"
            let line = FaultLines.following(1)[0]
            let ran = try FaultRun(["-c", script, FaultProgram.path, home.path], by: "/bin/sh", input: line)
            #expect(ran.code != 0 && ran.errors.contains("standard output"))
            #expect(try home.appends([line])[0].isRepeated)
        }
    }
}
