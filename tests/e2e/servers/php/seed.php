<?php
// php seed.php FOLDER < steps.json: carries out the steps in order and prints a JSON list with what came of each.
//   {"do": "publish", …}           a new post: see publish()                       → {"id", "link", "date_gmt"}
//   {"do": "edit", "id", "title"}  another title                                   → {"id"}
//   {"do": "trash", "id"}                                                          → {"id"}
//   {"do": "overdue", "id", "seconds"}  as if a scheduled post's moment had passed so many seconds ago → {"id"}
//   {"do": "user", "name", "role", "password"}     a user                           → {"id", "app_password"}
//   {"do": "activate", "plugin"}, {"do": "uninstall", "plugin"}                     → {}
//   {"do": "option", "name", "value"}, {"do": "meta", "id", "key", "value"}         → {}
//   {"do": "read_option", "name"}                                                   → {"value"}
//   {"do": "hurry", "hook", "seconds"}  lets a hook's scheduled events come due sooner → {"events"}
// What is overdue is published by WordPress's own wp-cron.php, when somebody calls it.

$_SERVER += ['HTTP_HOST' => '127.0.0.1', 'REQUEST_METHOD' => 'GET', 'REQUEST_URI' => '/'];
require $argv[1] . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/image.php';
wp_set_current_user(1);
kses_remove_filters(); // an editor may write any HTML

$steps = ['publish', 'edit', 'trash', 'overdue', 'user', 'activate', 'uninstall', 'option', 'read_option', 'meta', 'hurry'];
$done = [];
foreach (json_decode(stream_get_contents(STDIN), true, 32, JSON_THROW_ON_ERROR) as $step) {
    $do = $steps[array_search($step['do'], $steps, true)];
    $done[] = "step_$do"($step);
}
echo json_encode($done, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_THROW_ON_ERROR);

// title, content, excerpt, slug, password: texts; tags, categories: names; status: "publish" or another;
// seconds: how long ago it was written, negative for the future; date_gmt: instead of seconds;
// format: a post format; image: see image().
function step_publish(array $step): array
{
    $gmt = $step['date_gmt'] ?? gmdate('Y-m-d H:i:s', time() - $step['seconds']);
    $image = isset($step['image']) ? image($step['image']) : 0;
    $id = inserted([
        'post_title' => $step['title'], 'post_content' => $step['content'], 'post_excerpt' => $step['excerpt'],
        'post_name' => $step['slug'], 'post_password' => $step['password'], 'post_status' => $step['status'],
        'post_date_gmt' => $gmt, 'post_date' => get_date_from_gmt($gmt), 'post_author' => 1,
        'tags_input' => $step['tags'], 'post_category' => array_map('category', $step['categories']),
    ]);
    if ($image) {
        set_post_thumbnail($id, $image);
    }
    if ($step['format']) {
        set_post_format($id, $step['format']);
    }
    return ['id' => $id, 'link' => get_permalink($id), 'date_gmt' => get_post($id)->post_date_gmt];
}

function step_edit(array $step): array
{
    wp_update_post(wp_slash(['ID' => $step['id'], 'post_title' => $step['title']]));
    return ['id' => $step['id']];
}

function step_trash(array $step): array
{
    wp_trash_post($step['id']);
    return ['id' => $step['id']];
}

function step_overdue(array $step): array
{
    global $wpdb;
    $moment = time() - $step['seconds'];
    $gmt = gmdate('Y-m-d H:i:s', $moment);
    $wpdb->update($wpdb->posts, ['post_date' => get_date_from_gmt($gmt), 'post_date_gmt' => $gmt], ['ID' => $step['id']]);
    clean_post_cache($step['id']);
    wp_clear_scheduled_hook('publish_future_post', [$step['id']]);
    wp_schedule_single_event($moment, 'publish_future_post', [$step['id']]);
    return ['id' => $step['id']];
}

function step_user(array $step): array
{
    $id = wp_insert_user(['user_login' => $step['name'], 'user_pass' => $step['password'], 'role' => $step['role'],
        'user_email' => $step['name'] . '@example.org']);
    return ['id' => $id, 'app_password' => WP_Application_Passwords::create_new_application_password($id, ['name' => 'tests'])[0]];
}

function step_activate(array $step): array
{
    require_once ABSPATH . 'wp-admin/includes/plugin.php';
    $result = activate_plugin($step['plugin']);
    if (is_wp_error($result)) {
        throw new RuntimeException($result->get_error_message());
    }
    return [];
}

function step_uninstall(array $step): array
{
    require_once ABSPATH . 'wp-admin/includes/plugin.php';
    require_once ABSPATH . 'wp-admin/includes/file.php';
    deactivate_plugins($step['plugin']);
    $result = delete_plugins([$step['plugin']]);
    if ($result !== true) {
        throw new RuntimeException(is_wp_error($result) ? $result->get_error_message() : 'the plugin is not deleted');
    }
    return [];
}

function step_option(array $step): array
{
    update_option($step['name'], $step['value']);
    return [];
}

function step_read_option(array $step): array
{
    return ['value' => get_option($step['name'], null)];
}

function step_meta(array $step): array
{
    update_post_meta($step['id'], $step['key'], wp_slash($step['value']));
    return [];
}

function step_hurry(array $step): array
{
    $events = 0;
    $cron = _get_cron_array();
    foreach ($cron as $at => $hooks) {
        if (isset($hooks[$step['hook']])) {
            $events += count($hooks[$step['hook']]);
            $cron[$at - $step['seconds']][$step['hook']] = $hooks[$step['hook']];
            unset($cron[$at][$step['hook']]);
        }
    }
    ksort($cron);
    _set_cron_array(array_filter($cron));
    return ['events' => $events];
}

function inserted(array $fields): int
{
    $id = wp_insert_post(wp_slash($fields), true);
    if (is_wp_error($id)) {
        throw new RuntimeException($fields['post_title'] . ': ' . $id->get_error_message());
    }
    return $id;
}

function category(string $name): int
{
    $term = wp_insert_term($name, 'category');
    return is_wp_error($term) ? (int) $term->get_error_data() : $term['term_id'];
}

// alt: its alternative text, null for none; width, height: in pixels; kind: "png" or "jpeg"; gone: true where the
// file has been deleted since.
function image(array $image): int
{
    $file = wp_upload_dir()['path'] . '/' . uniqid('picture-') . '.' . $image['kind'];
    $canvas = imagecreatetruecolor($image['width'], $image['height']);
    imagefill($canvas, 0, 0, imagecolorallocate($canvas, 40, 110, 160));
    $image['kind'] === 'png' ? imagepng($canvas, $file) : imagejpeg($canvas, $file);
    $id = wp_insert_attachment(['post_mime_type' => 'image/' . $image['kind'], 'post_title' => 'Picture'], $file);
    wp_update_attachment_metadata($id, wp_generate_attachment_metadata($id, $file));
    if ($image['alt'] !== null) {
        update_post_meta($id, '_wp_attachment_image_alt', wp_slash($image['alt']));
    }
    if ($image['gone']) {
        array_map('unlink', glob(substr($file, 0, -strlen($image['kind']) - 1) . '*'));
    }
    return $id;
}
