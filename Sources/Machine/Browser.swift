import Glibc

/// The browser of whoever sits at this machine.
public enum Browser {
    /// Opens a page, if there is a browser; says nothing if not, because the page is shown as text as well.
    public static func open(_ page: String) {
        guard ThisProcess.variable("DISPLAY") != nil || ThisProcess.variable("WAYLAND_DISPLAY") != nil else { return }
        var child = pid_t()
        var arguments: [UnsafeMutablePointer<CChar>?] = [strdup("xdg-open"), strdup(page), nil]
        defer { for argument in arguments { free(argument) } }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for stream in [Int32(1), 2] { posix_spawn_file_actions_addopen(&actions, stream, "/dev/null", O_WRONLY, 0) }
        _ = posix_spawnp(&child, "xdg-open", &actions, nil, &arguments, environ)
    }
}
