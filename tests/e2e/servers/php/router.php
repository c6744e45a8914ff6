<?php
// For `php -S`: files that exist are served, PHP files are run, and every other address is WordPress's to answer.

$path = rawurldecode((string) parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH));
$file = realpath($_SERVER['DOCUMENT_ROOT'] . $path);
$inside = $file !== false && str_starts_with($file, $_SERVER['DOCUMENT_ROOT'] . '/');

if ($inside && is_file($file) && !str_ends_with($file, '.php')) {
    return false;
}
if ($inside && is_file($file . '/index.php')) {
    $file .= '/index.php'; // a folder, such as wp-admin
}
if (!$inside || !is_file($file)) {
    $file = $_SERVER['DOCUMENT_ROOT'] . '/index.php';
}
$_SERVER['SCRIPT_FILENAME'] = $file;
$_SERVER['SCRIPT_NAME'] = $_SERVER['PHP_SELF'] = substr($file, strlen($_SERVER['DOCUMENT_ROOT']));
unset($_SERVER['PATH_INFO']);
chdir(dirname($file));
require $file;
