<?php
// DAViCal as Debian has it, behind PHP's own server, at the addresses that its web server would be told to give it.

const PLACE = '/usr/share/davical/htdocs';
const SCRIPT = '/caldav.php';

error_reporting(E_ERROR);
$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH) ?: '/';
if (preg_match('#^/\.well-known/(cal|card)dav/?$#', $path)) {
    header('Location: ' . SCRIPT . '/', true, 301);
    return true;
}
if ($path !== SCRIPT && !str_starts_with($path, SCRIPT . '/')) {
    http_response_code(404);
    return true;
}
$inside = rawurldecode(substr($path, strlen(SCRIPT)));
$_SERVER['SCRIPT_NAME'] = SCRIPT;
$_SERVER['PHP_SELF'] = SCRIPT . $inside;
$_SERVER['PATH_INFO'] = $inside === '' ? '/' : $inside;
$_SERVER['DOCUMENT_ROOT'] = PLACE;
$_SERVER['SCRIPT_FILENAME'] = PLACE . SCRIPT;
chdir(PLACE);
require PLACE . SCRIPT;
